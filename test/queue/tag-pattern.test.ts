import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagPatternFault, tagRegExp } from '../../src/queue/tag-pattern.js';

describe('tag patterns', () => {
  it.each([
    '.*',
    'runtime=node',
    'has=gpu[0-9]+$',
    '^hostname=pi-(?:1|2)$',
    'os=(Linux|Darwin)',
    'a{2}b{1,}c{0,3}?d+?e*?',
    '[^abc]',
    '[a-z\\d_-]',
    '\\*',
    '\\d\\D\\s\\S\\w\\W\\b',
    '(?!python=)x',
    'rack\\.1\\/2',
    'größe=ä',
    '(a|)',
    'a|b',
    ']',
  ])('takes %s', (pattern) => {
    expect(tagPatternFault(pattern)).toBeUndefined();
    expect(() => tagRegExp(pattern)).not.toThrow();
  });

  it.each([
    ['*', 'nothing before * to repeat'],
    ['a**', 'two quantifiers in a row'],
    ['a{1}{2}', 'two quantifiers in a row'],
    ['a+*', 'two quantifiers in a row'],
    ['a++', 'two quantifiers in a row'],
    ['(?<name>a)', 'a kind of group that is not in both'],
    ['(?P<name>a)', 'a kind of group that is not in both'],
    ['(?<=a)b', 'a kind of group that is not in both'],
    ['(?i)a', 'a kind of group that is not in both'],
    ['\\p{L}', 'the escape \\p'],
    ['\\1', 'the escape \\1'],
    ['\\A', 'the escape \\A'],
    ['\\u0041', 'the escape \\u'],
    ['a\\', 'a \\ at the end'],
    ['(a', 'a ( without its )'],
    ['a)', 'a ) without its ('],
    ['[a', 'a [ without its ]'],
    ['[]', 'an empty character class'],
    ['[]a]', 'an empty character class'],
    ['[^]', 'an empty character class'],
    ['[z-a]', 'a bad range'],
    ['[a-\\d]', 'a bad range'],
    ['[\\b]', '\\b in a class'],
    ['[a--b]', 'a bad range'],
    ['[--a]', 'a set operation'],
    ['[a&&b]', 'a set operation'],
    ['[[a]]', 'a set operation'],
    ['^*', '* after something that cannot be repeated'],
    ['(?=a)+', '+ after something that cannot be repeated'],
    ['\\b?', '? after something that cannot be repeated'],
    ['a{3,2}', 'the wrong way round'],
    ['a{,2}', '{ must be escaped'],
    ['a{99999}', '{ must be escaped'],
    ['(?', 'a kind of group that is not in both'],
    ['('.repeat(51) + ')'.repeat(51), 'groups nested too deep'],
  ])('refuses %s', (pattern, reason) => {
    expect(tagPatternFault(pattern)).toContain(reason);
  });

  it('is whatever it is given: a fault or a pattern that JavaScript takes', () => {
    const piece = fc.constantFrom(...'ab-=\\()[]{}|*+?.^$:!<>P0129,dwb~&'.split(''), '(?:', '[^', '{1,2}');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const pattern = pieces.join('');
        if (tagPatternFault(pattern) === undefined) tagRegExp(pattern);
      }),
      { numRuns: 5000 },
    );
  });
});
