import { PatternFault } from './pattern-fault.js';

export interface ReadEscape {
  /** The escape in JavaScript's `v` syntax. */
  readonly source: string;
  /** UTF-16 units of the pattern that it took. */
  readonly length: number;
  /** It stands for a place, not for a character. */
  readonly isAssertion: boolean;
  /** It stands for more than one character. */
  readonly isSet: boolean;
}

interface Context {
  readonly ascii: boolean;
  readonly inClass: boolean;
}

/** Members of Python's \d, \s and \w in text, and with the flag `a`. */
const sets = {
  d: { unicode: '\\p{Nd}', ascii: '0-9' },
  s: {
    unicode: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
    ascii: '\\t-\\r\\x20',
  },
  w: { unicode: '\\p{L}\\p{N}_', ascii: 'A-Za-z0-9_' },
} as const;

const controls: Readonly<Record<string, string>> = { a: '7', f: 'c', n: 'a', r: 'd', t: '9', v: 'b' };

/** Reads one escape of Python's `re`, whose backslash `text` begins with. Throws PatternFault for what cannot be said in JavaScript. */
export const readEscape = (text: string, context: Context): ReadEscape => {
  const code = text.codePointAt(1);
  if (code === undefined) throw new PatternFault('a \\ at the end');
  const escaped = String.fromCodePoint(code);
  const coded = readCode(text, context);
  if (coded !== undefined) return coded;
  if (!/[0-9A-Za-z]/.test(escaped)) return character(code, 1 + escaped.length);
  const control = controls[escaped];
  if (control !== undefined) return character(Number.parseInt(control, 16), 2);
  if (/[dswDSW]/.test(escaped))
    return { source: setSource(escaped, context), length: 2, isAssertion: false, isSet: true };
  if (context.inClass && escaped === 'b') return character(8, 2);
  const assertion = context.inClass ? undefined : assertionSource(escaped, context);
  if (assertion !== undefined) return { source: assertion, length: 2, isAssertion: true, isSet: false };
  if (/[0-9]/.test(escaped)) throw new PatternFault('a back-reference');
  throw new PatternFault(`the escape \\${escaped}`);
};

const character = (code: number, length: number): ReadEscape => ({
  source: `\\u{${code.toString(16)}}`,
  length,
  isAssertion: false,
  isSet: false,
});

/** `\x41`, `\u0041`, `\U00000041`, and octal: `\0`, `\012`, `\101`, in a class also `\1` and `\12`. */
const readCode = (text: string, { inClass }: Context): ReadEscape | undefined => {
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(text);
  const digits = hex?.slice(1).find((found) => found !== undefined);
  if (hex !== null && digits !== undefined) {
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) throw new PatternFault(`the escape ${hex[0]}`);
    return character(code, hex[0].length);
  }
  const octal = (inClass ? /^\\([0-7]{1,3})/ : /^\\(0[0-7]{0,2}|[1-7][0-7]{2})/).exec(text);
  const [whole, number] = octal ?? [];
  if (whole === undefined || number === undefined) return undefined;
  const code = Number.parseInt(number, 8);
  if (code > 0o377) throw new PatternFault(`the escape ${whole}`);
  return character(code, whole.length);
};

const setSource = (escaped: string, { ascii }: Context): string => {
  const { unicode, ascii: narrow } = sets[escaped.toLowerCase() as keyof typeof sets];
  const members = ascii ? narrow : unicode;
  return escaped === escaped.toLowerCase() ? `[${members}]` : `[^${members}]`;
};

const assertionSource = (escaped: string, context: Context): string | undefined => {
  const word = setSource('w', context);
  switch (escaped) {
    case 'A':
      return '(?<![\\s\\S])';
    case 'Z':
      return '(?![\\s\\S])';
    case 'b':
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    case 'B':
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
    default:
      return undefined;
  }
};
