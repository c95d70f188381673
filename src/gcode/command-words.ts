const A = 65;
const Z = 90;
const lowerBit = 0x20;
const ZERO = 48;
const NINE = 57;
const BLANK = 32;
const TAB = 9;
const powersOfTen = Array.from({ length: 23 }, (_, digits) => 10 ** digits);
/** More digits than a double holds; further ones change nothing that a printer could do. */
const mantissaLimit = 1e15;

/**
 * The words of one command of letters and numbers, read in place and without garbage: one instance serves a whole file.
 * Blanks between words, and between letter and number, may be there or not (`G1X10Y.5E-.2`); quoted strings, `(…)` and what else is no
 * word are passed over; `;` and `*` end the command. A letter without a number (`G28 X`) has the value NaN.
 */
export class CommandWords {
  readonly #values = new Float64Array(26);
  /** Bit n: the letter number n (A is 0) is there. */
  #present = 0;
  #text = '';
  #at = 0;

  /** `G`, `M`, `T` or another single letter that a number follows; '' for a macro's name, and for nothing. */
  letter = '';
  /** The command's number, `1` in `G1`; NaN without one. */
  code = Number.NaN;
  /** The digits after the point, `3` in `M862.3`; -1 without. */
  sub = -1;

  /** Reads the command's name; the words follow by `readWords`, so that those of a text command are never read. */
  readName(command: string): void {
    this.#text = command;
    this.#at = 0;
    this.#present = 0;
    this.letter = '';
    this.code = Number.NaN;
    this.sub = -1;
    this.#skipBlanks();
    let letter = this.#letterAt(this.#at);
    if (letter === 13 && this.#isDigit(this.#at + 1)) {
      // N of a line number.
      this.#at += 1;
      this.#readDigits();
      this.#skipBlanks();
      letter = this.#letterAt(this.#at);
    }
    if (letter < 0) return;
    const next = this.#letterAt(this.#at + 1);
    if (next >= 0) return;
    this.letter = String.fromCharCode(A + letter);
    this.#at += 1;
    this.#skipBlanks();
    if (!this.#isDigit(this.#at)) return;
    this.code = this.#readDigits();
    if (this.#text.charCodeAt(this.#at) === 46 && this.#isDigit(this.#at + 1)) {
      this.#at += 1;
      this.sub = this.#readDigits();
    }
  }

  readWords(): void {
    const text = this.#text;
    while (this.#at < text.length) {
      const letter = this.#letterAt(this.#at);
      const char = text[this.#at];
      this.#at += 1;
      if (letter >= 0) {
        this.#skipBlanks();
        this.#values[letter] = this.#readNumber();
        this.#present |= 1 << letter;
      } else if (char === ';' || char === '*') return;
      else if (char === '"') this.#skipPast('"');
      else if (char === '(') this.#skipPast(')');
    }
  }

  has(letter: string): boolean {
    return (this.#present & (1 << (letter.charCodeAt(0) - A))) !== 0;
  }

  /** The number after the letter; NaN if the letter or its number is missing. */
  number(letter: string): number {
    return this.has(letter) ? (this.#values[letter.charCodeAt(0) - A] ?? Number.NaN) : Number.NaN;
  }

  #letterAt(at: number): number {
    const code = this.#text.charCodeAt(at) & ~lowerBit;
    return code >= A && code <= Z ? code - A : -1;
  }

  #isDigit(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code >= ZERO && code <= NINE;
  }

  #skipBlanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== BLANK && code !== TAB) return;
      this.#at += 1;
    }
  }

  #skipPast(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    this.#at = found === -1 ? this.#text.length : found + 1;
  }

  #readDigits(): number {
    let value = 0;
    for (; this.#isDigit(this.#at); this.#at += 1) value = value * 10 + this.#text.charCodeAt(this.#at) - ZERO;
    return value;
  }

  #readNumber(): number {
    const text = this.#text;
    const sign = text[this.#at];
    let at = this.#at;
    if (sign === '-' || sign === '+') at += 1;
    let mantissa = 0;
    let digits = 0;
    let decimals = -1;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= ZERO && code <= NINE) {
        digits += 1;
        if (mantissa < mantissaLimit) {
          mantissa = mantissa * 10 + code - ZERO;
          if (decimals >= 0) decimals += 1;
        } else if (decimals < 0) mantissa *= 10;
      } else if (code === 46 && decimals < 0) decimals = 0;
      else break;
    }
    if (digits === 0) return Number.NaN;
    this.#at = at;
    const value = decimals > 0 ? mantissa / (powersOfTen[decimals] ?? Number.POSITIVE_INFINITY) : mantissa;
    return sign === '-' ? -value : value;
  }
}
