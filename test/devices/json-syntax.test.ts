import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault, placeOf } from '../../src/devices/json-syntax.js';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('findJsonFault', () => {
  it.each([
    ['', 0, 'a value is missing'],
    ['{"a": 1,\n}', 9, 'a comma before `}`'],
    ['[1, 2, ]', 7, 'a comma before `]`'],
    ['{"a": 1 // one\n}', 8, 'no comments'],
    ['/* x */ {}', 0, 'no comments'],
    ["{'a': 1}", 1, 'a key in double quotation marks'],
    ['{"a": \'x\'}', 6, 'double quotation marks'],
    ['{"a": nope}', 6, '"n" begins no value'],
    ['{"a" 1}', 5, 'a colon is missing after "a"'],
    ['{"a": 1 "b": 2}', 8, 'a comma or `}`'],
    ['[1 2]', 3, 'a comma or `]`'],
    ['{"a": "x\ny"}', 6, 'has no end'],
    ['{"a": "C:\\x"}', 6, 'has no end'],
    ['{"a": 1} x', 9, 'something follows'],
    ['{"a": 1, "a": 2}', 9, '"a" stands twice'],
    ['{"a": 01}', 7, 'a comma or `}`'],
    ['['.repeat(600), 501, 'deeper than 500'],
  ])('%j', (text, offset, what) => {
    const fault = findJsonFault(text);
    expect(fault?.offset).toBe(offset);
    expect(fault?.what).toContain(what);
  });

  it('finds none in JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(findJsonFault(JSON.stringify(value, undefined, indent))).toBeUndefined();
      }),
    );
  });

  it('agrees with JSON.parse on damaged JSON, but for keys that stand twice', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', ',', '}', '"', '\\', '1', ':', 'n', '\u0001'),
        (text, at, insert) => {
          const place = at % (text.length + 1);
          const damaged = text.slice(0, place) + insert + text.slice(insert === '' ? place + 1 : place);
          const fault = findJsonFault(damaged);
          if (fault === undefined) expect(isJson(damaged)).toBe(true);
          else if (!fault.what.includes('stands twice')) expect(isJson(damaged)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

it('placeOf counts lines and columns from 1', () => {
  expect(placeOf('ab\r\ncd\re\nf', 0)).toEqual({ line: 1, column: 1 });
  expect(placeOf('ab\r\ncd\re\nf', 5)).toEqual({ line: 2, column: 2 });
  expect(placeOf('ab\r\ncd\re\nf', 9)).toEqual({ line: 4, column: 1 });
});
