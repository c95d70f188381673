import { type SentLine, SentLines } from './sent-lines.js';

export interface WindowLimits {
  /** Bytes of the firmware's receive ring that may be taken; 127 on an 8-bit Marlin. */
  readonly bytes: number;
  /** Lines that may wait for their acknowledgement, once the link has proved clean. */
  readonly lines: number;
  /** Lines that may wait at the beginning; 1 by default. */
  readonly firstLines?: number;
}

/** Clean acknowledgements for each line in flight before one more is allowed: at first, once the wire proved noisy, and at most. */
const cleanToGrow = { first: 8, noisy: 128, most: 1024 };

/** Lines that every firmware has taken out of its receive ring when it has been quiet for a while: one runs, one is queued at least. */
const readWhenQuiet = 2;

/**
 * The numbered lines and how far each has come: acknowledged, in flight (sent, not acknowledged), or numbered and still to be sent again
 * after a resend request. The window is what may be in flight: bytes beyond the receive ring would be dropped by the firmware and the
 * rest of a cut line run unnumbered (printer-protocol §3.5), so a line that does not fit waits, unless nothing at all is in flight.
 * Nothing follows a command that may take minutes: the firmware's queue stays open for the emergency stop, and breaking off the wait
 * does not start the next one.
 */
export class InFlight<Tag> {
  readonly limits: WindowLimits;
  readonly #sent = new SentLines<Tag>();
  /** Lines up to here have been acknowledged; up to `#lastSent` they are in flight; up to `#lastNumbered` they have a number. */
  #acknowledged: number;
  #lastSent: number;
  #lastNumbered: number;
  /** Lines up to here are known to have left the receive ring: acknowledged, or accepted as a resend request tells. */
  #read: number;
  #bytes = 0;
  #probes = 0;
  #holding = 0;
  #allowedLines: number;
  #clean = 0;
  #cleanToGrow = cleanToGrow.first;

  constructor(limits: WindowLimits, lastNumber: number) {
    this.limits = limits;
    this.#acknowledged = lastNumber;
    this.#lastSent = lastNumber;
    this.#lastNumbered = lastNumber;
    this.#read = lastNumber;
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

  /** Bytes of the lines in flight that may still stand in the receive ring. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a line in flight may hold its acknowledgement for minutes. */
  get holds(): boolean {
    return this.#holding > 0;
  }

  fits(bytes: number): boolean {
    if (this.lines === 0) return true;
    return this.#holding === 0 && this.lines < this.#allowedLines && this.#bytes + bytes <= this.limits.bytes;
  }

  /**
   * Whether a question fits in behind the window, when the firmware has been quiet for a while and `unanswered` others went before it.
   * The first takes one more place in the firmware's queue than the window does. Further ones come so late that a firmware which
   * is merely busy would have said so: what was sent long ago has been read.
   */
  fitsQuestion(bytes: number, unanswered: number): boolean {
    if (unanswered === 0 && this.lines > this.limits.lines) return false;
    let waiting = bytes;
    const read = Math.max(this.#read, this.#acknowledged + readWhenQuiet * (unanswered + 1));
    for (let number = read + 1; number <= this.#lastSent; number += 1) {
      waiting += this.#sent.get(number)?.framed.length ?? 0;
    }
    return waiting <= this.limits.bytes || waiting === bytes;
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
    this.#read = Math.max(this.#read, this.#acknowledged);
    this.#grow();
    return line;
  }

  /**
   * A line came through damaged. The firmware's flush cuts lines behind it, and what is left of one may run a second time; with one
   * line in flight nothing is behind it. Each time it takes longer to grow again, so that a noisy wire stays at one.
   */
  shrink(): void {
    this.#allowedLines = Math.max(1, this.#allowedLines >> 1);
    this.#clean = 0;
    this.#cleanToGrow = Math.min(cleanToGrow.most, Math.max(cleanToGrow.noisy, this.#cleanToGrow * 2));
  }

  /**
   * Nothing from `number` on has been accepted; what came before has, and its acknowledgements are still to come. The receive ring was
   * flushed, so nothing is in it.
   */
  rewindTo(number: number): void {
    this.#acknowledged = Math.min(this.#acknowledged, number - 1);
    this.#lastSent = number - 1;
    this.#read = number - 1;
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

  /** Whether the machine's own questions, and nothing else, are in flight. */
  get onlyQuestions(): boolean {
    if (this.#probes < this.lines) return false;
    for (const line of this.#flying()) if (line.tag !== undefined) return false;
    return true;
  }

  /** Whether a line in flight begins with this word. */
  hasWord(word: string): boolean {
    for (const line of this.#flying()) if (firstWord(line.command) === word) return true;
    return false;
  }

  #grow(): void {
    if (this.#allowedLines >= this.limits.lines) return;
    this.#clean += 1;
    if (this.#clean < this.#cleanToGrow * this.#allowedLines) return;
    this.#allowedLines += 1;
    this.#clean = 0;
    this.#cleanToGrow = Math.max(cleanToGrow.first, this.#cleanToGrow >> 1);
  }

  *#flying(): Generator<SentLine<Tag>> {
    for (let number = this.#acknowledged + 1; number <= this.#lastSent; number += 1) {
      const line = this.#sent.get(number);
      if (line) yield line;
    }
  }

  #count(line: SentLine<Tag>, sign: 1 | -1): void {
    if (line.number > this.#read) this.#bytes += sign * line.framed.length;
    if (line.isProbe) this.#probes += sign;
    if (line.holds) this.#holding += sign;
  }
}

export const firstWord = (command: string): string => command.trim().split(' ', 1)[0] ?? '';
