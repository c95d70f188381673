import type { LineTimes } from './line-times.js';

/** Unanswered questions in a row; more would fill the receive ring of a firmware that is busy and does not say so. */
const questionLimit = 5;

/**
 * How long the firmware must have been quiet before each question, in units of `askAfterMs`. Marlin says that it is busy every 2 s, so
 * the second question comes only when that word would have come.
 */
const patience = (questions: number): number => 1 + 10 * (2 ** questions - 1);

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

  /** An acknowledgement came. */
  progressed(nowMs: number): void {
    this.#progressMs = nowMs;
    this.#questions = 0;
  }

  /** The firmware said that it is at work: the answers to what was asked will come. */
  busy(nowMs: number): void {
    this.#progressMs = nowMs;
  }

  /** Questions since the last acknowledgement. */
  get questions(): number {
    return this.#questions;
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
    if (nowMs >= this.#silentAtMs(holds)) return 'silent';
    return this.#questions < questionLimit && nowMs >= this.#askAtMs() ? 'ask' : 'wait';
  }

  nextDeadlineMs(waiting: boolean, holds: boolean): number | undefined {
    if (!waiting) return undefined;
    const silentAt = this.#silentAtMs(holds);
    return this.#questions < questionLimit ? Math.min(silentAt, this.#askAtMs()) : silentAt;
  }

  /** A firmware that reports temperatures by itself, but has done nothing else for long, is silent too. */
  #silentAtMs(holds: boolean): number {
    const { silenceMs, longSilenceMs } = this.#times;
    return Math.min(this.#heardMs + (holds ? longSilenceMs : silenceMs), this.#progressMs + longSilenceMs);
  }

  #askAtMs(): number {
    return this.#progressMs + this.#times.askAfterMs * patience(this.#questions);
  }
}
