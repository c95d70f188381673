const LETTER_A = 65;
const LETTER_Z = 90;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const SPACE = 32;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;

/**
 * One G-code command taken apart: letter, code and the numbers behind its parameter letters. One object is used again and again,
 * because a print makes hundreds of thousands of them: keep values, not the object.
 */
export class CommandLine {
  /** The whole command, without line number, checksum and comment. */
  text = '';
  /** `G`, `M` or `T` for commands that Marlin knows; whatever stands first otherwise. */
  letter = '';
  /** The number after the letter; -1 when there is none. */
  code = -1;
  #argumentAt = 0;
  #seen = 0;
  #position = 0;
  readonly #values = new Float64Array(26);

  parse(text: string): this {
    this.text = text;
    this.letter = text.charAt(0);
    this.#seen = 0;
    this.#position = 1;
    const code = this.#number(text);
    this.code = Number.isNaN(code) ? -1 : Math.trunc(code);
    this.#argumentAt = this.#position;
    const { length } = text;
    while (this.#position < length) {
      const letter = text.charCodeAt(this.#position++);
      if (letter < LETTER_A || letter > LETTER_Z) continue;
      this.#values[letter - LETTER_A] = this.#number(text);
      this.#seen |= 1 << (letter - LETTER_A);
    }
    return this;
  }

  /** Everything after the code, trimmed: the text of M117, M118 and M0. */
  get argument(): string {
    return this.text.slice(this.#argumentAt).trim();
  }

  /** Whether the parameter letter is there, with or without a number. */
  has(letter: string): boolean {
    return (this.#seen & (1 << (letter.charCodeAt(0) - LETTER_A))) !== 0;
  }

  /** The parameter's number; undefined when the letter is missing or no number follows it. */
  number(letter: string): number | undefined {
    const index = letter.charCodeAt(0) - LETTER_A;
    if ((this.#seen & (1 << index)) === 0) return undefined;
    const value = this.#values[index] as number; // 26 places, index of a capital letter
    return Number.isNaN(value) ? undefined : value;
  }

  /** Reads a decimal number at the position and moves behind it; NaN when there is none. Never an exponent: E is the extruder. */
  #number(text: string): number {
    let at = this.#position;
    while (text.charCodeAt(at) === SPACE) at++;
    const sign = text.charCodeAt(at);
    if (sign === MINUS || sign === PLUS) at++;
    let value = 0;
    let scale = 0;
    let digits = 0;
    for (; ; at++) {
      const character = text.charCodeAt(at);
      if (character >= DIGIT_0 && character <= DIGIT_9) {
        value = value * 10 + (character - DIGIT_0);
        scale *= 10;
        digits++;
      } else if (character === POINT && scale === 0) scale = 1;
      else break;
    }
    if (digits === 0) return Number.NaN;
    this.#position = at;
    const magnitude = scale > 1 ? value / scale : value;
    return sign === MINUS ? -magnitude : magnitude;
  }
}
