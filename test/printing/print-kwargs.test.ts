import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { parsePrintKwargs } from '../../src/printing/print-kwargs.js';

const refusal = (kwargs: unknown): SpoolgateError => {
  try {
    parsePrintKwargs(kwargs);
  } catch (error) {
    if (error instanceof SpoolgateError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('the kwargs of a print', () => {
  it.each([
    [{ file: 'a.gcode' }, { file: 'a.gcode', copies: 1 }],
    [{ gcode: 'G28' }, { gcode: 'G28', copies: 1 }],
    [
      { file: 'a.gcode', printer: 'ender-2', copies: 100 },
      { file: 'a.gcode', printer: 'ender-2', copies: 100 },
    ],
  ])('%o', (kwargs, expected) => {
    expect(parsePrintKwargs(kwargs)).toEqual(expected);
  });

  it.each([
    [{}, 'kwargs.file: give either `file` or `gcode`'],
    [{ file: 'a', gcode: 'G28' }, 'kwargs.file: give either `file` or `gcode`'],
    [{ file: '' }, 'kwargs.file: '],
    [{ file: 5 }, 'kwargs.file: '],
    [{ file: null, gcode: 'G28' }, 'kwargs.file: '],
    [{ file: 'x'.repeat(1025) }, 'kwargs.file: '],
    [{ gcode: 'G'.repeat(4_000_001) }, 'kwargs.gcode: '],
    [{ file: 'a', printer: 'Ender 2' }, 'kwargs.printer: is no printer id'],
    [{ file: 'a', printer: '-a' }, 'kwargs.printer: is no printer id'],
    [{ file: 'a', copies: 0 }, 'kwargs.copies: '],
    [{ file: 'a', copies: 101 }, 'kwargs.copies: '],
    [{ file: 'a', copies: 1.5 }, 'kwargs.copies: '],
    [{ file: 'a', copies: '2' }, 'kwargs.copies: '],
    [{ file: 'a', flie: 'b' }, 'flie'],
    [[], 'expected object'],
    [null, 'expected object'],
    ['a.gcode', 'expected object'],
  ])('%o is refused, naming the field', (kwargs, words) => {
    const error = refusal(kwargs);
    expect(error.code).toBe('KWARGS_INVALID');
    expect(error.message).toContain(words);
  });

  it('names every field that is wrong', () => {
    const { message } = refusal({ file: 1, printer: 'A', copies: -1 });
    for (const field of ['kwargs.file', 'kwargs.printer', 'kwargs.copies']) expect(message).toContain(field);
  });

  it('are a print or an error of the table, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          const { file, gcode, copies } = parsePrintKwargs(value);
          expect((file === undefined) !== (gcode === undefined)).toBe(true);
          expect(copies).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'KWARGS_INVALID' });
        }
      }),
    );
  });
});
