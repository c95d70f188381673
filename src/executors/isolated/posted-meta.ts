import type { FunctionMeta } from '../functions/function-run.js';
import { progressIntervalMs } from '../functions/run-meta.js';
import { RunValues } from '../functions/run-values.js';
import { storableMeta } from '../functions/storable-meta.js';

type Meta = Record<string, unknown>;

/**
 * The meta of a run in a thread or process of its own. Progress is posted within the call where the last one is long enough ago, so that a
 * function which computes without ever waiting is heard too.
 */
export class PostedMeta implements FunctionMeta {
  readonly #values: RunValues;
  readonly #post: (meta: Meta) => void;
  #postedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(meta: Readonly<Meta>, post: (meta: Meta) => void) {
    this.#values = new RunValues(meta);
    this.#post = post;
  }

  get values(): Meta {
    return this.#values.values;
  }

  progress(fraction: number, message: string | undefined): void {
    if (this.#ended) return;
    this.#values.progress(fraction, message);
    const waitMs = this.#postedAt + progressIntervalMs - performance.now();
    if (waitMs <= 0) this.#postNow();
    else this.#timer ??= setTimeout(() => this.#postNow(), waitMs);
  }

  end(): Meta {
    this.#ended = true;
    clearTimeout(this.#timer);
    return storableMeta(this.values);
  }

  #postNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#postedAt = performance.now();
    this.#post(storableMeta(this.values));
  }
}
