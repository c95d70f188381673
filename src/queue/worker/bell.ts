/** The longest timer that Node has; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Wakes one waiting loop. A ring while nobody waits is kept, so none is lost; many rings wake once. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, after `ms`, or when `signal` aborts; at once after a ring that nobody has heard. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.#rung && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => this.#wake?.(), Math.min(Math.max(ms, 0), longestTimerMs));
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = done;
        signal?.addEventListener('abort', done, { once: true });
      });
    }
    this.#rung = false;
  }
}
