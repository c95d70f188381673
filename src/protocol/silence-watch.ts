import type { LineTimes } from './line-times.js';

/** Unanswered questions in a row; more would fill the receive ring of a firmware that is merely busy. */
const questionLimit = 3;

/** Tells a busy firmware from a lost acknowledgement and from a dead link, by what was heard and when. */
export class SilenceWatch {
  readonly #times: LineTimes;
  #heardMs: number;
  #progressMs: number;
  #questions = 0;

  constructor(times: LineTimes, nowMs: number) {
    this.#times = times;
    this.#heardMs = nowMs;
    this.#progressMs = nowMs;
  }

  /** A line is in flight again after none was: waiting begins now. */
  began(nowMs: number): void {
    this.#heardMs = nowMs;
    this.progressed(nowMs);
  }

  /** Any line came. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** An acknowledgement came, or a word that the firmware is at work. */
  progressed(nowMs: number): void {
    this.#progressMs = nowMs;
    this.#questions = 0;
  }

  /** The firmware says that it has nothing to do: ask now. */
  firmwareIsIdle(nowMs: number): void {
    if (this.#questions === 0) this.#progressMs = Math.min(this.#progressMs, nowMs - this.#times.askAfterMs);
  }

  asked(): void {
    this.#questions += 1;
  }

  /** Time since the last acknowledgement, ms. */
  quietMs(nowMs: number): number {
    return nowMs - this.#progressMs;
  }

  /** Time since anything was heard, ms. */
  unheardMs(nowMs: number): number {
    return nowMs - this.#heardMs;
  }

  look(nowMs: number, holds: boolean): 'wait' | 'ask' | 'silent' {
    if (this.unheardMs(nowMs) >= this.#limitMs(holds)) return 'silent';
    return this.#questions < questionLimit && nowMs >= this.#askAtMs() ? 'ask' : 'wait';
  }

  nextDeadlineMs(waiting: boolean, holds: boolean): number | undefined {
    if (!waiting) return undefined;
    const silentAt = this.#heardMs + this.#limitMs(holds);
    return this.#questions < questionLimit ? Math.min(silentAt, this.#askAtMs()) : silentAt;
  }

  #limitMs(holds: boolean): number {
    return holds ? this.#times.longSilenceMs : this.#times.silenceMs;
  }

  #askAtMs(): number {
    return this.#progressMs + this.#times.askAfterMs * (2 ** (this.#questions + 1) - 1);
  }
}
