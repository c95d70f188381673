import { PatternFault } from './pattern-fault.js';
import { readEscape } from './python-regex-escape.js';

const closers = new Set(['|', ')', '']);
const quantifier = /^(?:[*+?]|\{(?!\})(\d*)(?:(,)(\d*))?\})/;

interface Flags {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ascii: boolean;
}

/**
 * Writes a pattern of Python's `re` in JavaScript's `v` syntax, to be matched as `re.match` does: at the start, not to the end. Throws
 * PatternFault for what is invalid in Python, and for what JavaScript lacks: back-references, conditionals, atomic and possessive
 * parts, verbose mode, case-insensitive groups. All groups come out as non-capturing.
 */
export const translatePattern = (pattern: string): RegExp => {
  const reader = new PatternReader(pattern);
  const source = reader.read();
  try {
    return new RegExp(source, reader.ignoreCase ? 'ivy' : 'vy');
  } catch {
    throw new PatternFault('a form that JavaScript does not have');
  }
};

class PatternReader {
  readonly #pattern: string;
  readonly #names = new Set<string>();
  #at = 0;
  #depth = 0;
  #flags: Flags = { multiline: false, dotAll: false, ascii: false };
  ignoreCase = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): string {
    for (let flags = this.#globalFlags(); flags !== undefined; flags = this.#globalFlags()) {
      if (flags.includes('i')) this.ignoreCase = true;
      this.#flags = this.#withFlags(flags, '');
    }
    const source = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new PatternFault('a ) without its (');
    return source;
  }

  #rest(): string {
    return this.#pattern.slice(this.#at);
  }

  #next(): string {
    const code = this.#pattern.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #takeMatch(wanted: RegExp): RegExpExecArray | undefined {
    const match = wanted.exec(this.#rest()) ?? undefined;
    this.#at += match?.[0].length ?? 0;
    return match;
  }

  #globalFlags(): string | undefined {
    return this.#takeMatch(/^\(\?([aiLmsux]+)\)/)?.[1];
  }

  #withFlags(on: string, off: string): Flags {
    if (/[xL]/.test(on + off)) throw new PatternFault('the flag x or L');
    const { multiline, dotAll, ascii } = this.#flags;
    return {
      multiline: (multiline || on.includes('m')) && !off.includes('m'),
      dotAll: (dotAll || on.includes('s')) && !off.includes('s'),
      ascii: (ascii || on.includes('a')) && !on.includes('u'),
    };
  }

  #alternatives(): string {
    const branches: string[] = [];
    do branches.push(this.#branch());
    while (this.#take('|'));
    return branches.join('|');
  }

  #branch(): string {
    let source = '';
    let repeatable = false;
    while (!closers.has(this.#next())) {
      if (this.#takeMatch(/^\(\?#[^)]*\)/)) continue;
      const repeat = this.#takeMatch(quantifier);
      if (repeat === undefined) {
        const item = this.#item();
        source += item.source;
        repeatable = item.repeatable;
      } else {
        if (!repeatable) throw new PatternFault(`nothing for ${repeat[0]} to repeat`);
        source += this.#repetition(repeat);
        repeatable = false;
      }
    }
    return source;
  }

  #repetition([text, least, comma, most]: RegExpExecArray): string {
    if (this.#next() === '+') throw new PatternFault('a possessive quantifier');
    const lazy = this.#take('?') ? '?' : '';
    if (!text.startsWith('{')) return text + lazy;
    return `{${least === '' ? '0' : least}${comma ?? ''}${most ?? ''}}${lazy}`;
  }

  #item(): { source: string; repeatable: boolean } {
    if (this.#take('(')) return { source: this.#group(), repeatable: true };
    if (this.#take('[')) return { source: this.#class(), repeatable: true };
    if (this.#take('.')) return { source: this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]', repeatable: true };
    if (this.#take('^')) return { source: this.#flags.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])', repeatable: false };
    if (this.#take('$')) {
      return { source: this.#flags.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))', repeatable: false };
    }
    if (this.#next() === '\\') {
      const escape = readEscape(this.#rest(), { ascii: this.#flags.ascii, inClass: false });
      this.#at += escape.length;
      return { source: escape.source, repeatable: !escape.isAssertion };
    }
    return { source: this.#literal(), repeatable: true };
  }

  #literal(): string {
    const character = this.#next();
    this.#at += character.length;
    return literal(character);
  }

  #group(): string {
    this.#depth += 1;
    if (this.#depth > 50) throw new PatternFault('groups nested deeper than 50');
    const outer = this.#flags;
    const opening = this.#groupOpening();
    const source = opening + this.#alternatives();
    if (!this.#take(')')) throw new PatternFault('a ( without its )');
    this.#flags = outer;
    this.#depth -= 1;
    return `${source})`;
  }

  #groupOpening(): string {
    if (this.#next() !== '?') return '(?:';
    const looks = this.#takeMatch(/^\?<?[=!]/);
    if (looks !== undefined) return `(${looks[0]}`;
    const name = this.#takeMatch(/^\?P<([^>]*)>/)?.[1];
    if (name !== undefined) {
      if (!/^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name))
        throw new PatternFault(`the group name ${JSON.stringify(name)}`);
      if (this.#names.has(name)) throw new PatternFault(`two groups of the name ${name}`);
      this.#names.add(name);
      return '(?:';
    }
    const scoped = this.#takeMatch(/^\?([aiLmsux]*)(?:-([imsx]+))?:/);
    if (scoped === undefined) throw new PatternFault(`a group that begins (${this.#rest().slice(0, 3)}`);
    const [, on = '', off = ''] = scoped;
    if (this.ignoreCase ? off.includes('i') : on.includes('i')) throw new PatternFault('a group with the flag i');
    this.#flags = this.#withFlags(on, off);
    return '(?:';
  }

  #class(): string {
    let source = this.#take('^') ? '[^' : '[';
    for (let first = true; first || this.#next() !== ']'; first = false) {
      const from = this.#classMember();
      if (/^-[^\]]/.test(this.#rest())) {
        this.#at += 1;
        const to = this.#classMember();
        if (from.isSet || to.isSet) throw new PatternFault('a range of sets in a class');
        source += `${from.source}-${to.source}`;
      } else {
        source += from.source;
      }
    }
    this.#at += 1;
    return `${source}]`;
  }

  #classMember(): { source: string; isSet: boolean } {
    if (this.#next() === '') throw new PatternFault('a [ without its ]');
    if (this.#next() !== '\\') return { source: this.#literal(), isSet: false };
    const escape = readEscape(this.#rest(), { ascii: this.#flags.ascii, inClass: true });
    this.#at += escape.length;
    return { source: escape.source, isSet: escape.isSet };
  }
}

/** Any character as itself, inside a class and outside. */
const literal = (character: string): string =>
  /^\w$/.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
