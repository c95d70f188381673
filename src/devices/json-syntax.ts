/** The first place where a text is no JSON. */
export interface JsonFault {
  /** Characters before it. */
  readonly offset: number;
  readonly what: string;
}

class Fault extends Error {
  readonly offset: number;

  constructor(offset: number, what: string) {
    super(what);
    this.offset = offset;
  }
}

const blank = /[ \t\n\r]*/y;
const number = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const word = /true|false|null/y;
const deepest = 500;

/**
 * Where and why a text is no JSON, in words for the person who wrote it; undefined for JSON. JSON.parse names the place in some of its
 * messages only, and takes the last of two equal keys without a word; here that is a fault.
 */
export const findJsonFault = (text: string): JsonFault | undefined => {
  try {
    const end = skip(text, value(text, 0, 0));
    if (end < text.length) throw new Fault(end, 'something follows after the end');
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return { offset: error.offset, what: error.message };
    throw error;
  }
};

const take = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

const skip = (text: string, at: number): number => {
  const next = at + (take(blank, text, at)?.length ?? 0);
  if (text.startsWith('//', next) || text.startsWith('/*', next))
    throw new Fault(next, 'JSON has no comments: use a "//" key for a remark');
  return next;
};

const value = (text: string, from: number, depth: number): number => {
  const at = skip(text, from);
  if (depth > deepest) throw new Fault(at, `deeper than ${deepest} levels`);
  if (at >= text.length) throw new Fault(at, 'the text ends here, a value is missing');
  if (text[at] === '{') return object(text, at + 1, depth + 1);
  if (text[at] === '[') return list(text, at + 1, depth + 1);
  const found = take(word, text, at) ?? take(number, text, at) ?? take(string, text, at);
  if (found === undefined) throw new Fault(at, badValue(text, at));
  return at + found.length;
};

const badValue = (text: string, at: number): string => {
  if (text[at] === "'") return 'text stands in double quotation marks';
  if (text[at] === '"') return 'the text in quotation marks has no end, or a control character or `\\` in it';
  return `${JSON.stringify(text[at])} begins no value: texts stand in double quotation marks`;
};

const object = (text: string, from: number, depth: number): number => {
  const keys = new Set<string>();
  let at = skip(text, from);
  if (text[at] === '}') return at + 1;
  for (;;) {
    const key = take(string, text, at);
    if (key === undefined) throw new Fault(at, badKey(text, at));
    if (keys.has(key)) throw new Fault(at, `the key ${key} stands twice in one object`);
    keys.add(key);
    at = skip(text, at + key.length);
    if (text[at] !== ':') throw new Fault(at, `a colon is missing after ${key}`);
    at = skip(text, value(text, at + 1, depth));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw new Fault(at, 'a comma or `}` is missing');
    at = skip(text, at + 1);
  }
};

const badKey = (text: string, at: number): string => {
  if (text[at] === '}') return 'a comma before `}`: the last entry has none after it';
  return 'a key in double quotation marks is missing';
};

const list = (text: string, from: number, depth: number): number => {
  let at = skip(text, from);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = skip(text, value(text, at, depth));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw new Fault(at, 'a comma or `]` is missing');
    at = skip(text, at + 1);
    if (text[at] === ']') throw new Fault(at, 'a comma before `]`: the last entry has none after it');
  }
};

/** Line and column, both from 1, of an offset. */
export const placeOf = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
