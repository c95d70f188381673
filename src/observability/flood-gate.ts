export interface FloodGateOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** So many pass in one window. */
  readonly most: number;
  readonly windowMs: number;
  /** Told at the end of a window in which some did not pass. */
  readonly onSuppressed: (key: string, count: number) => void;
}

interface Window {
  readonly endsMs: number;
  passed: number;
  suppressed: number;
}

/** Lets the first few of each key pass in each window of time and counts the others. */
export class FloodGate {
  readonly #options: FloodGateOptions;
  readonly #windows = new Map<string, Window>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FloodGateOptions) {
    this.#options = options;
  }

  /** Whether this one passes. */
  pass(key: string): boolean {
    const { clock, most, windowMs } = this.#options;
    const nowMs = clock();
    this.#close((window) => window.endsMs <= nowMs);
    const window = this.#windows.get(key) ?? { endsMs: nowMs + windowMs, passed: 0, suppressed: 0 };
    this.#windows.set(key, window);
    if (window.passed < most) {
      window.passed += 1;
      return true;
    }
    window.suppressed += 1;
    this.#timer ??= setTimeout(() => this.#tick(), window.endsMs - nowMs).unref();
    return false;
  }

  /** Tells what is still to be told; to be called at the end. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#close(() => true);
  }

  #tick(): void {
    this.#timer = undefined;
    const nowMs = this.#options.clock();
    this.#close((window) => window.endsMs <= nowMs);
    const open = [...this.#windows.values()].filter(({ suppressed }) => suppressed > 0);
    if (open.length === 0) return;
    const nextMs = Math.min(...open.map(({ endsMs }) => endsMs));
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, nextMs - nowMs)).unref();
  }

  #close(isOver: (window: Window) => boolean): void {
    for (const [key, window] of this.#windows) {
      if (!isOver(window)) continue;
      this.#windows.delete(key);
      if (window.suppressed > 0) this.#options.onSuppressed(key, window.suppressed);
    }
  }
}
