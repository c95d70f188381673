import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadLine, commandText } from '../../src/gcode/command-text.js';

/** A line as the file reader gives it: the bytes of `text` in UTF-8, decoded as latin1. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const summed = (line: string): string => `${line}*${[...Buffer.from(line)].reduce((sum, byte) => sum ^ byte, 0)}`;

describe('commandText', () => {
  it.each([
    ['G1 X10 Y5', 'G1 X10 Y5'],
    ['  G1  X10\tY5 \t; outer wall', 'G1  X10 Y5'],
    ['; comment', ''],
    ['', ''],
    [' \t ', ''],
    ['G1X10Y5E.2;x', 'G1X10Y5E.2'],
    ['G1 X1 (OUTER) Y2', 'G1 X1 (OUTER) Y2'],
    ['G1 X1\u00a0Y2', 'G1 X1 Y2'],
    [utf8('G1 X1\u00a0Y2'), 'G1 X1 Y2'],
    ['M117 50% "done; soon"', 'M117 50% "done'],
  ])('comments and blanks: %j', (line, command) => {
    expect(commandText(line)).toBe(command);
  });

  it.each([
    ['g1 x10 y-5.5 e.2', 'G1 X10 Y-5.5 E.2'],
    ['m105', 'M105'],
    ['t0', 'T0'],
    ['g 1 x1', 'G1 X1'],
    ['m117 Hello world', 'M117 Hello world'],
    ['m862.3 P "mk3s"', 'M862.3 P "mk3s"'],
    ['m552 p"my net"', 'M552 p"my net"'],
    ['m98 P"macro.g"', 'M98 P"macro.g"'],
    ['g29 p"x"', 'G29 p"x"'],
    ['START_PRINT bed=60', 'START_PRINT bed=60'],
    ['print_end', 'print_end'],
  ])('letters: %j', (line, command) => {
    expect(commandText(line)).toBe(command);
  });

  it.each([
    [utf8('M117 Würfel – 50 % größer'), 'M117 Wurfel - 50 % grosser'],
    [utf8('M117 印刷 10µm'), 'M117 ?? 10?m'],
    ['M117 caf\xe9', 'M117 cafe'],
    [utf8('EXCLUDE_OBJECT NAME=Łódź'), 'EXCLUDE_OBJECT NAME=Lodz'],
    [utf8('M117 \u201cok\u201d'), 'M117 "ok"'],
  ])('texts outside ASCII: %j', (line, command) => {
    expect(commandText(line)).toBe(command);
  });

  it.each([
    ['G1 X1\x08 0', 'control characters'],
    ['M117 bell\x07', 'control characters'],
    ['G1 X1\x7f', 'control characters'],
    ['G1 X1\xd70', 'no command of numbers'],
    ['N7 G1 X10*1', 'checksum'],
  ])('damage throws: %j', (line, why) => {
    expect(() => commandText(line)).toThrow(BadLine);
    expect(() => commandText(line)).toThrow(why);
  });

  it.each([
    ['N12 G1 X1', 'G1 X1'],
    ['N12 G1 X1*', 'G1 X1*'],
    [summed('N12 G1 X1 Y2'), 'G1 X1 Y2'],
    [`${summed('N12 G1 X1')} ; comment`, 'G1 X1'],
    [summed('N3 M117 a*5'), 'M117 a*5'],
    [summed('n4 g1 x2'), 'G1 X2'],
    [summed('G1 X5'), 'G1 X5'],
    ['M117 2*3', 'M117 2*3'],
    ['NEXT_LAYER', 'NEXT_LAYER'],
    ['N5', ''],
  ])('numbers and checksums of another transfer: %j', (line, command) => {
    expect(commandText(line)).toBe(command);
  });

  it.each(['M110', 'M110 N0', 'm110 n5', summed('N0 M110 N0')])('leaves out %j', (line) => {
    expect(commandText(line)).toBe('');
  });

  it('keeps M1100', () => {
    expect(commandText('M1100')).toBe('M1100');
  });

  it('gives ASCII without comment, blanks at the ends or control characters, or throws BadLine, for any line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
        (line) => {
          let command = '';
          try {
            command = commandText(line);
          } catch (error) {
            expect(error).toBeInstanceOf(BadLine);
          }
          expect(command).toMatch(/^([!-:<-~]([ -:<-~]*[!-:<-~])?)?$/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes any numbered line back apart', () => {
    const body = fc.stringMatching(/^G1( [XYZEF]-?\d{1,3}(\.\d{1,3})?){1,5}$/);
    fc.assert(
      fc.property(fc.nat(), body, (n, command) => {
        expect(commandText(summed(`N${n} ${command}`))).toBe(command);
        expect(() => commandText(summed(`N${n} ${command}`).replace('G1', 'G2'))).toThrow(BadLine);
      }),
    );
  });
});
