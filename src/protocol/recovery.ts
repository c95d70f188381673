import type { LineTimes } from './line-times.js';

/**
 * The pause between a resend request and the resent line. Marlin flushes its receive ring with each request and answers every further
 * line in flight with a request of its own; a line sent too early would be cut by such a flush and its tail run unnumbered
 * (printer-protocol §3.1, §3.5). So nothing is sent until the lines before the gap are acknowledged and the link has been quiet.
 */
export class Recovery {
  readonly #times: LineTimes;
  #from: number | undefined;
  #quietUntilMs = 0;
  #waitsForOks = true;
  #settleMs = 0;
  #settled = false;

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
    return this.#from === undefined || this.#settled ? undefined : this.#quietUntilMs;
  }

  begin(line: number, flushedBytes: number, nowMs: number): void {
    this.#from = line;
    this.#waitsForOks = true;
    this.#settled = false;
    this.#settleMs = this.#times.settleMs + flushedBytes * this.#times.perByteMs;
    this.#quietUntilMs = nowMs + this.#settleMs;
  }

  /** One more of the lines that were in flight has been refused. */
  heardAgain(nowMs: number): void {
    this.#quietUntilMs = nowMs + this.#settleMs;
    this.#settled = false;
  }

  giveUpWaiting(): void {
    this.#waitsForOks = false;
  }

  /** Whether nothing may be sent yet. */
  blocks(nowMs: number, acknowledged: number): boolean {
    if (this.#from === undefined) return false;
    if (nowMs < this.#quietUntilMs) return true;
    this.#settled = true;
    return this.#waitsForOks && acknowledged < this.#from - 1;
  }

  end(): void {
    this.#from = undefined;
  }
}
