import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternFault } from '../../../src/queue/worker/pattern-fault.js';
import { translatePattern } from '../../../src/queue/worker/python-regex.js';
import { pythonSays, texts } from './support/python-re.js';

/** Valid in Python and without a counterpart in JavaScript: refused, so that the tag matches nothing rather than something else. */
const untranslatable = new Set([
  '(?i:has)=gpu',
  'a*+',
  '(?>a)',
  '(a)\\1',
  '(?P<a>a)(?P=a)',
  '(a)?(?(1)b|c)',
  '(?x)h a s',
  '\\N{DIGIT ONE}',
  '(?=a)*',
]);

const matches = (pattern: string): string | null => {
  try {
    const translated = translatePattern(pattern);
    return texts
      .map((text) => {
        translated.lastIndex = 0;
        return translated.test(text) ? '1' : '0';
      })
      .join('');
  } catch (error) {
    expect(error).toBeInstanceOf(PatternFault);
    return null;
  }
};

describe('translatePattern', () => {
  it.each(pythonSays.filter(([pattern]) => !untranslatable.has(pattern)))(
    '%j matches as in Python',
    (pattern, expected) => {
      expect(matches(pattern)).toBe(expected);
    },
  );

  it.each([...untranslatable])('%j is refused with a reason', (pattern) => {
    expect(() => translatePattern(pattern)).toThrow(PatternFault);
    expect(() => translatePattern(pattern)).toThrow(/\w/);
  });

  it.each([
    '\\U99999999',
    '[\\777]',
    '\\777',
    '(((((a)))))'.repeat(60),
    `${'('.repeat(60)}a${')'.repeat(60)}`,
    '(?P<',
    '(?',
  ])('%j never throws anything but a PatternFault', (pattern) => {
    matches(pattern);
  });

  it('never throws anything but a PatternFault, whatever the pattern', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '(?P<a>',
      '(?:',
      '{2,',
      '}',
      '*',
      '+',
      '?',
      '|',
      '\\',
      '-',
      '^',
      '$',
      '.',
      'a',
      '1',
      '(?i)',
      '(?#',
    );
    const pattern = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 2 })), { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(pattern, (text) => void matches(text)),
      { numRuns: 1000 },
    );
  });

  it('takes any escaped text as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const escaped = text.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`);
        expect(translatePattern(escaped).exec(text)?.[0]).toBe(text);
      }),
    );
  });
});
