/** Escapes that mean the same to Python and JavaScript, besides escaped punctuation. */
const letterEscapes = new Set('dDsSwWbBtnrfv');
const closers = new Set(['|', ')']);

/**
 * Why a queue's tag is not a regular expression that both Python's `re` and JavaScript read, and read alike; undefined when it is one.
 * (Beyond ASCII, `\w`, `\d`, `\s` and `\b` mean more to Python.) One bad pattern in one row takes down every Python worker (wire
 * contract, section 1.3), so only what is known to be good passes: literals, `.`, `^`, `$`, `|`, classes, groups `(…)`, `(?:…)`,
 * `(?=…)`, `(?!…)`, quantifiers, and common escapes.
 */
export const tagPatternFault = (pattern: string): string | undefined => {
  try {
    new PatternReader(pattern).read();
    // What the reader takes is what JavaScript takes; this guards against a slip in the reader.
    tagRegExp(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `${JSON.stringify(pattern)} is not a regular expression for Python and JavaScript alike: ${error.message}`;
  }
};

/** A pattern that passed, as JavaScript's own; matched from the start, as Python's `re.match` does. */
export const tagRegExp = (pattern: string): RegExp => new RegExp(`^(?:${pattern})`);

class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): void {
    this.#alternatives();
    if (this.#at < this.#pattern.length) throw new SyntaxError('a ) without its (');
  }

  get #next(): string {
    return this.#pattern.charAt(this.#at);
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(): void {
    do {
      while (this.#next !== '' && !closers.has(this.#next)) {
        const repeatable = this.#item();
        this.#quantifier(repeatable);
      }
    } while (this.#take('|'));
  }

  /** Reads one item and says whether it may be repeated. */
  #item(): boolean {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#class();
    if (this.#take('\\')) return this.#escape();
    if (this.#take('^') || this.#take('$')) return false;
    if ('*+?'.includes(this.#next)) throw new SyntaxError(`nothing before ${this.#next} to repeat`);
    if ('{}'.includes(this.#next)) throw new SyntaxError(`${this.#next} must be escaped`);
    this.#at += 1;
    return true;
  }

  #group(): boolean {
    const looks = this.#take('?=') || this.#take('?!');
    if (!looks && !this.#take('?:') && this.#next === '?') throw new SyntaxError('a kind of group that is not in both');
    this.#depth += 1;
    if (this.#depth > 50) throw new SyntaxError('groups nested too deep');
    this.#alternatives();
    if (!this.#take(')')) throw new SyntaxError('a ( without its )');
    this.#depth -= 1;
    return !looks;
  }

  #class(): boolean {
    this.#take('^');
    if (this.#next === ']') throw new SyntaxError('an empty character class');
    while (!this.#take(']')) {
      const from = this.#classMember();
      if (this.#next !== '-' || this.#pattern.charAt(this.#at + 1) === ']') continue;
      this.#at += 1;
      const to = this.#classMember();
      if (from === undefined || to === undefined || from > to)
        throw new SyntaxError('a bad range in a character class');
    }
    return true;
  }

  /** Reads one member; its code, or undefined for a set like \d. */
  #classMember(): number | undefined {
    if (this.#next === '') throw new SyntaxError('a [ without its ]');
    // Doubled operators and nested sets are reserved for later in Python.
    if (/^(?:\[|--|&&|~~|\|\|)/.test(this.#pattern.slice(this.#at)))
      throw new SyntaxError('a set operation in a class');
    if (!this.#take('\\')) return this.#pattern.charCodeAt(this.#at++);
    const escaped = this.#next;
    if (escaped === 'b' || escaped === 'B') throw new SyntaxError(`\\${escaped} in a class`);
    this.#escape();
    return /\w/.test(escaped) ? undefined : escaped.charCodeAt(0);
  }

  #escape(): boolean {
    const escaped = this.#next;
    if (escaped === '') throw new SyntaxError('a \\ at the end');
    if (/[0-9A-Za-z]/.test(escaped) && !letterEscapes.has(escaped)) throw new SyntaxError(`the escape \\${escaped}`);
    this.#at += 1;
    return escaped !== 'b' && escaped !== 'B';
  }

  #quantifier(repeatable: boolean): void {
    const rest = this.#pattern.slice(this.#at);
    const quantifier = /^(?:[*+?]|\{(\d{1,4})(?:,(\d{0,4}))?\})/.exec(rest);
    if (quantifier === null) return;
    if (!repeatable) throw new SyntaxError(`${quantifier[0]} after something that cannot be repeated`);
    const [text, least, most] = quantifier;
    if (most !== undefined && most !== '' && Number(most) < Number(least))
      throw new SyntaxError(`${text} is the wrong way round`);
    this.#at += text.length;
    this.#take('?');
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.#pattern.slice(this.#at)))
      throw new SyntaxError('two quantifiers in a row');
  }
}
