import { isDeepStrictEqual } from 'node:util';
import type { ExecutorQueue } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { RunValues } from './run-values.js';
import { storableMeta } from './storable-meta.js';

/** Progress is written at most this often, ms. */
export const progressIntervalMs = 500;

/**
 * The meta of one run: the function changes `values`, progress is saved now and then, and the last state goes into the result. A save is
 * never begun after `end`, and two never overlap, so that a slow database gets fewer of them.
 */
export class RunMeta {
  readonly #values: RunValues;
  readonly #job: QueuedJob;
  readonly #queue: ExecutorQueue;
  readonly #lost: () => void;
  #unsaved = false;
  #saving = false;
  #ended = false;
  #savedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** `lost` is called when a save finds that the run is no longer this worker's. */
  constructor(job: QueuedJob, queue: ExecutorQueue, lost: () => void) {
    this.#values = new RunValues(job.meta);
    this.#job = job;
    this.#queue = queue;
    this.#lost = lost;
  }

  get values(): Record<string, unknown> {
    return this.#values.values;
  }

  /** See `JobContext.progress`. */
  progress(fraction: number, message: string | undefined): void {
    if (this.#ended) return;
    this.#values.progress(fraction, message);
    this.#unsaved = true;
    this.#saveWhenDue();
  }

  /** Takes the meta of a function that runs elsewhere; `save` it as progress, or keep it for the result. */
  replace(values: Record<string, unknown>, save: boolean): void {
    if (this.#ended) return;
    this.#values.values = values;
    if (!save) return;
    this.#unsaved = true;
    this.#saveWhenDue();
  }

  /**
   * No save begins any more; returns what is to be stored with the result: the job's own meta where nothing was changed or saved, so
   * that the worker leaves alone what others wrote to it meanwhile.
   */
  end(): QueuedJob['meta'] {
    this.#ended = true;
    clearTimeout(this.#timer);
    const meta = storableMeta(this.values);
    if (this.#savedAt > -Infinity) return meta;
    return isDeepStrictEqual(meta, this.#job.meta) ? this.#job.meta : meta;
  }

  #saveWhenDue(): void {
    if (this.#saving || this.#timer !== undefined) return;
    const waitMs = this.#savedAt + progressIntervalMs - performance.now();
    if (waitMs <= 0) {
      void this.#save();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#save();
    }, waitMs);
  }

  async #save(): Promise<void> {
    this.#unsaved = false;
    this.#saving = true;
    this.#savedAt = performance.now();
    const outcome = await this.#attemptSave();
    this.#saving = false;
    if (this.#ended) return;
    if (outcome === 'stale') {
      this.#ended = true;
      this.#lost();
      return;
    }
    if (this.#unsaved) this.#saveWhenDue();
  }

  /** Progress is best effort: a save that fails is one that did not happen. */
  async #attemptSave(): Promise<string> {
    try {
      return await this.#queue.saveMeta({ ...this.#job, meta: storableMeta(this.values) });
    } catch {
      return 'dropped';
    }
  }
}
