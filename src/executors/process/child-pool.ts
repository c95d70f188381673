import { deadline } from '../functions/deadline.js';
import { Child, type ChildOptions } from './child.js';

const mebibyte = 2 ** 20;
/** Node does not start with less. */
const leastHeapMb = 8;

export interface ChildPoolOptions extends ChildOptions {
  readonly maximumJobsPerWorker: number;
  readonly idleMs: number;
}

/**
 * The child processes of one executor: idle ones that are used again, and one of its own for each job with a memory limit, which is set when
 * a process starts and is to count what this job needs and no other.
 */
export class ChildPool {
  readonly #options: ChildPoolOptions;
  readonly #children = new Set<Child>();
  /** With what cancels their retirement; in the order in which they became idle. */
  readonly #idle = new Map<Child, () => void>();

  constructor(options: ChildPoolOptions) {
    this.#options = options;
  }

  /** The one that was idle last, or a new one. Throws what `fork` throws. */
  take(memoryBytes: number | undefined): Child {
    if (memoryBytes !== undefined) {
      const heapMb = Math.max(leastHeapMb, Math.ceil(memoryBytes / mebibyte));
      return this.#start([`--max-old-space-size=${heapMb}`]);
    }
    for (const child of [...this.#idle.keys()].toReversed()) {
      this.#unidle(child);
      if (child.isAlive) return child;
    }
    return this.#start([]);
  }

  /** Its run is over: keep it for another, unless it has had its fill or is to be ended. */
  release(child: Child, again: boolean): void {
    if (!again) {
      child.signal('SIGKILL');
      return;
    }
    if (child.runs >= this.#options.maximumJobsPerWorker) {
      child.retire();
      return;
    }
    this.#idle.set(
      child,
      deadline(this.#options.idleMs, () => {
        this.#unidle(child);
        child.retire();
      }),
    );
  }

  /** Ends all of them, those with a run by force. Resolves once they are gone. */
  async end(): Promise<void> {
    for (const child of this.#children)
      if (this.#unidle(child)) child.retire();
      else child.signal('SIGKILL');
    await Promise.all([...this.#children].map(({ gone }) => gone));
  }

  #start(flags: readonly string[]): Child {
    const { execArgv, env } = this.#options;
    const child = new Child({ execArgv: [...execArgv, ...flags], env });
    this.#children.add(child);
    void child.gone.then(() => {
      this.#children.delete(child);
      this.#unidle(child);
    });
    return child;
  }

  #unidle(child: Child): boolean {
    this.#idle.get(child)?.();
    return this.#idle.delete(child);
  }
}
