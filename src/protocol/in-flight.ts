import { type SentLine, SentLines } from './sent-lines.js';

export interface WindowLimits {
  /** Bytes of the firmware's receive ring that may be taken; 127 on an 8-bit Marlin. */
  readonly bytes: number;
  /** Lines that may wait for their acknowledgement, once the link has proved clean. */
  readonly lines: number;
  /** Lines that may wait at the beginning; 1 by default. */
  readonly firstLines?: number;
}

/** Clean acknowledgements for each line in flight before one more is allowed. */
const cleanToGrow = 8;

/**
 * The numbered lines and how far each has come: acknowledged, in flight (sent, not acknowledged), or numbered and still to be sent again
 * after a resend request. The window is what may be in flight: bytes beyond the receive ring would be dropped by the firmware and the
 * rest of a cut line run unnumbered (printer-protocol §3.5), so a line that does not fit waits, unless nothing at all is in flight.
 */
export class InFlight<Tag> {
  readonly limits: WindowLimits;
  readonly #sent = new SentLines<Tag>();
  /** Lines up to here have been acknowledged; up to `#lastSent` they are in flight; up to `#lastNumbered` they have a number. */
  #acknowledged: number;
  #lastSent: number;
  #lastNumbered: number;
  #bytes = 0;
  #probes = 0;
  #holding = 0;
  #allowedLines: number;
  #clean = 0;

  constructor(limits: WindowLimits, lastNumber: number) {
    this.limits = limits;
    this.#acknowledged = lastNumber;
    this.#lastSent = lastNumber;
    this.#lastNumbered = lastNumber;
    this.#allowedLines = limits.firstLines ?? 1;
  }

  /** Lines that may be in flight now: grows while all goes well, halves with each resend request. */
  get allowedLines(): number {
    return this.#allowedLines;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get lastSent(): number {
    return this.#lastSent;
  }

  get lastNumbered(): number {
    return this.#lastNumbered;
  }

  get lines(): number {
    return this.#lastSent - this.#acknowledged;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a line in flight may hold its acknowledgement for minutes. */
  get holds(): boolean {
    return this.#holding > 0;
  }

  fits(bytes: number): boolean {
    return this.lines === 0 || (this.lines < this.#allowedLines && this.#bytes + bytes <= this.limits.bytes);
  }

  /**
   * Whether a line fits into the receive ring of a firmware that has been quiet for a while: the oldest line has left the ring by
   * then, because it is being executed, or all have been.
   */
  fitsWhenQuiet(bytes: number): boolean {
    const oldest = this.#sent.get(this.#acknowledged + 1)?.framed.length ?? 0;
    return this.#bytes - oldest + bytes <= this.limits.bytes;
  }

  get(number: number): SentLine<Tag> | undefined {
    return this.#sent.get(number);
  }

  /** Gives the next number to a line; it is not in flight yet. */
  number(line: SentLine<Tag>): void {
    this.#lastNumbered = line.number;
    this.#sent.put(line);
  }

  /** The next numbered line has been written. */
  enter(line: SentLine<Tag>): void {
    this.#lastSent = line.number;
    this.#count(line, 1);
  }

  /** The oldest line in flight has been acknowledged. */
  leave(): SentLine<Tag> | undefined {
    this.#acknowledged += 1;
    const line = this.#sent.get(this.#acknowledged);
    if (line) this.#count(line, -1);
    this.#grow();
    return line;
  }

  /** A line came through damaged: with fewer in flight, less of what follows is cut by the firmware's flush. */
  shrink(): void {
    this.#allowedLines = Math.max(1, this.#allowedLines >> 1);
    this.#clean = 0;
  }

  /** Nothing from `number` on has been accepted; what came before has, and its acknowledgements are still to come. */
  rewindTo(number: number): void {
    this.#acknowledged = Math.min(this.#acknowledged, number - 1);
    this.#lastSent = number - 1;
    this.#bytes = 0;
    this.#probes = 0;
    this.#holding = 0;
    for (const line of this.#flying()) this.#count(line, 1);
  }

  oldestProbe(): number | undefined {
    if (this.#probes === 0) return undefined;
    for (const line of this.#flying()) if (line.isProbe) return line.number;
    return undefined;
  }

  has(command: string): boolean {
    for (const line of this.#flying()) if (line.command.trim() === command) return true;
    return false;
  }

  #grow(): void {
    if (this.#allowedLines >= this.limits.lines) return;
    this.#clean += 1;
    if (this.#clean < cleanToGrow * this.#allowedLines) return;
    this.#allowedLines += 1;
    this.#clean = 0;
  }

  *#flying(): Generator<SentLine<Tag>> {
    for (let number = this.#acknowledged + 1; number <= this.#lastSent; number += 1) {
      const line = this.#sent.get(number);
      if (line) yield line;
    }
  }

  #count(line: SentLine<Tag>, sign: 1 | -1): void {
    this.#bytes += sign * line.framed.length;
    if (line.isProbe) this.#probes += sign;
    if (line.holds) this.#holding += sign;
  }
}
