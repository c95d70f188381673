import type { LineTimes } from './line-times.js';

/** Oks that have not come after this much quiet have been lost: the line that is sent again will tell. ms */
const okGraceMs = 100;

/**
 * The pause between a resend request and the resent line. Marlin flushes its receive ring with each request and answers every further
 * line in flight with a request of its own; a line sent too early would be cut by such a flush and its tail run unnumbered
 * (printer-protocol §3.1, §3.5). So nothing is sent until the link has been quiet, and the lines before the gap, which the firmware
 * has accepted but perhaps not run yet, are acknowledged.
 */
export class Recovery {
  readonly #times: LineTimes;
  #from: number | undefined;
  #quietUntilMs = 0;
  #deadlineMs = 0;
  #settleMs = 0;

  constructor(times: LineTimes) {
    this.#times = times;
  }

  get active(): boolean {
    return this.#from !== undefined;
  }

  /** The line that the firmware wants; undefined when there is no recovery. */
  get from(): number | undefined {
    return this.#from;
  }

  get deadlineMs(): number | undefined {
    return this.#from === undefined ? undefined : this.#deadlineMs;
  }

  begin(line: number, flushedBytes: number, nowMs: number): void {
    this.#from = line;
    this.#settleMs = this.#times.settleMs + flushedBytes * this.#times.perByteMs;
    this.heard(nowMs);
  }

  /** One more of the lines in flight has been refused, or one before the gap acknowledged. */
  heard(nowMs: number): void {
    this.#quietUntilMs = nowMs + this.#settleMs;
    this.#deadlineMs = this.#quietUntilMs;
  }

  /** Whether nothing may be sent yet. */
  blocks(nowMs: number, acknowledged: number): boolean {
    if (this.#from === undefined) return false;
    if (nowMs < this.#quietUntilMs) return true;
    if (acknowledged >= this.#from - 1) return false;
    this.#deadlineMs = this.#quietUntilMs + okGraceMs;
    return nowMs < this.#deadlineMs;
  }

  end(): void {
    this.#from = undefined;
  }
}
