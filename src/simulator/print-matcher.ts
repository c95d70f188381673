import { commandText } from './command-text.js';
import type { FirstDifference, PrintComparison } from './print-comparison.js';

/** Commands that hosts send of their own accord. */
const HOUSEKEEPING = ['M105', 'M110', 'M113', 'M114', 'M115', 'M155', 'M400', 'M20', 'M21', 'M27'];

/** How far ahead, on either side, a difference is followed before it is given up. */
const WINDOW = 256;
/** So many commands must agree before both sides count as together again. */
const AGREEMENT = 3;

/**
 * Compares the commands that ran with those that should have, as they run and in bounded memory. The expected list leads: a
 * housekeeping command that is next in it counts as the file's own, any other is passed over.
 */
export class PrintMatcher {
  readonly #expected: Iterator<string>;
  readonly #ignored: ReadonlySet<string>;
  /** Expected commands that were read ahead. */
  readonly #ahead: string[] = [];
  #ended = false;
  /** Commands that ran since the sides parted. */
  readonly #astray: string[] = [];
  /** Expected commands that were skipped and may still come. */
  #missing: string[] = [];
  readonly #recent: string[] = [];
  #matched = 0;
  #lost = 0;
  #doubled = 0;
  #misordered = 0;
  #corrupted = 0;
  #refused = 0;
  #firstDifference: FirstDifference | undefined;

  /** @param ignore codes (`M73`) or whole commands that the host may add. */
  constructor(expected: Iterable<string>, ignore: readonly string[] = []) {
    this.#expected = expected[Symbol.iterator]();
    this.#ignored = new Set([...HOUSEKEEPING, ...ignore]);
  }

  /** A command has run; one that the firmware did not know only counts where the file has it: all else is noise. */
  ran(command: string, known = true): void {
    const text = commandText(command);
    if (text === undefined) return;
    if (!known && !this.#expectsSoon(text) && !this.#recent.includes(text)) {
      this.#refused++;
      return;
    }
    if (this.#astray.length === 0) {
      if (text === this.#peek(0)) return this.#match(text);
      if (this.#isIgnored(text)) return;
      this.#firstDifference ??= { command: this.#position, expected: this.#peek(0), ran: text };
    } else if (this.#isIgnored(text) && !this.#expectsSoon(text)) return;
    this.#astray.push(text);
    this.#rejoin();
  }

  /** Nothing more runs. */
  finish(): PrintComparison {
    while (this.#astray.length > 0) {
      if (!this.#rejoinLast()) this.#account(this.#astray.splice(0), []);
    }
    for (let next = this.#peek(0); next !== undefined; next = this.#peek(0)) {
      this.#firstDifference ??= { command: this.#position, expected: next, ran: undefined };
      this.#ahead.shift();
      this.#lost++;
    }
    this.#lost += this.#missing.length;
    this.#missing = [];
    const differences = this.#lost + this.#doubled + this.#misordered + this.#corrupted;
    return {
      exact: differences === 0,
      matched: this.#matched,
      lost: this.#lost,
      doubled: this.#doubled,
      misordered: this.#misordered,
      corrupted: this.#corrupted,
      refused: this.#refused,
      firstDifference: this.#firstDifference,
    };
  }

  get #position(): number {
    return this.#matched + this.#lost + this.#missing.length + 1;
  }

  #isIgnored(text: string): boolean {
    return this.#ignored.has(text) || this.#ignored.has(text.split(' ', 1)[0] ?? text);
  }

  #expectsSoon(text: string): boolean {
    for (let index = 0; index < AGREEMENT + this.#astray.length; index++) {
      if (this.#peek(index) === text) return true;
    }
    return false;
  }

  #peek(index: number): string | undefined {
    while (this.#ahead.length <= index && !this.#ended) {
      const next = this.#expected.next();
      if (next.done) this.#ended = true;
      else {
        const text = commandText(next.value);
        if (text !== undefined) this.#ahead.push(text);
      }
    }
    return this.#ahead[index];
  }

  #match(text: string): void {
    this.#ahead.shift();
    this.#matched++;
    this.#recent.push(text);
    if (this.#recent.length > 2 * WINDOW) this.#recent.splice(0, WINDOW);
  }

  /** Looks whether the last commands that ran stand somewhere ahead, the nearest place first, and moves there. */
  #rejoin(): void {
    const extra = this.#astray.length - AGREEMENT;
    if (extra < 0) return;
    for (let missing = 0; missing <= WINDOW; missing++) {
      if (this.#agrees(extra, missing, AGREEMENT)) return this.#moveTo(extra, missing);
    }
    if (extra > WINDOW) this.#account(this.#astray.splice(0, 1), []);
  }

  /** As nothing more runs, one command that agrees is enough; false when there is none. */
  #rejoinLast(): boolean {
    const { length } = this.#astray;
    for (let distance = 0; distance < WINDOW + length; distance++) {
      for (let extra = Math.max(0, distance - WINDOW); extra <= Math.min(distance, length - 1); extra++) {
        if (!this.#agrees(extra, distance - extra, 1)) continue;
        this.#moveTo(extra, distance - extra);
        return true;
      }
    }
    return false;
  }

  #moveTo(extra: number, missing: number): void {
    this.#account(this.#astray.splice(0, extra), this.#ahead.splice(0, missing));
    for (let next = this.#astray[0]; next !== undefined && next === this.#peek(0); next = this.#astray[0]) {
      this.#astray.shift();
      this.#match(next);
    }
  }

  #agrees(extra: number, missing: number, agreement: number): boolean {
    for (let index = 0; index < agreement; index++) {
      const ran = this.#astray[extra + index];
      if (ran === undefined || ran !== this.#peek(missing + index)) return false;
    }
    return true;
  }

  /** Finds a reason for each command that ran out of turn; the skipped ones wait to be found again. */
  #account(extras: readonly string[], missing: readonly string[]): void {
    this.#missing.push(...missing);
    let unexplained = 0;
    for (const extra of extras) {
      const late = this.#missing.indexOf(extra);
      if (late !== -1) {
        this.#missing.splice(late, 1);
        this.#misordered++;
        this.#matched++;
      } else if (this.#recent.includes(extra)) this.#doubled++;
      else unexplained++;
    }
    this.#corrupted += unexplained;
    // A damaged line stands for the line that it was.
    const replaced = Math.min(unexplained, missing.length, this.#missing.length);
    this.#missing.splice(this.#missing.length - replaced, replaced);
    if (this.#missing.length > 4 * WINDOW) this.#lost += this.#missing.splice(0, WINDOW).length;
  }
}
