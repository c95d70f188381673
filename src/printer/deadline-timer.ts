import type { Clock } from './clock.js';

/**
 * One timer for a deadline that moves often. Moving it further away costs nothing: a timer that fires too early just looks again. That
 * matters here, because each acknowledgement moves the deadline.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #onDeadline: () => void;
  #deadlineMs: number | undefined;
  #armedForMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, onDeadline: () => void) {
    this.#clock = clock;
    this.#onDeadline = onDeadline;
  }

  /** Calls back once when the clock has passed `deadlineMs`; undefined calls it off. */
  set(deadlineMs: number | undefined): void {
    this.#deadlineMs = deadlineMs;
    if (deadlineMs === undefined) return;
    if (this.#armedForMs !== undefined && this.#armedForMs <= deadlineMs) return;
    this.#arm(deadlineMs);
  }

  stop(): void {
    this.#deadlineMs = undefined;
    this.#armedForMs = undefined;
    clearTimeout(this.#timer);
  }

  #arm(deadlineMs: number): void {
    clearTimeout(this.#timer);
    this.#armedForMs = deadlineMs;
    this.#timer = setTimeout(() => this.#fired(), Math.max(1, Math.ceil(deadlineMs - this.#clock())));
  }

  #fired(): void {
    this.#armedForMs = undefined;
    const deadline = this.#deadlineMs;
    if (deadline === undefined) return;
    if (this.#clock() < deadline) {
      this.#arm(deadline);
      return;
    }
    this.#deadlineMs = undefined;
    this.#onDeadline();
  }
}
