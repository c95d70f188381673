import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marlin } from '../../src/protocol/dialects/marlin.js';

describe('understanding Marlin', () => {
  it.each([
    ['ok', { kind: 'ok' }],
    ['ok P15 B7', { kind: 'ok' }],
    ['ok N12 P15 B7', { kind: 'ok', line: 12 }],
    [
      'ok T:25.45 /0.00 B:21.1 /60.00 @:0 B@:0',
      { kind: 'ok', temperatures: { T: { current: 25.45, target: 0 }, B: { current: 21.1, target: 60 } } },
    ],
    [
      'ok T:21.3/ 0.0 B:21.3/ 0.0 @:64',
      { kind: 'ok', temperatures: { T: { current: 21.3, target: 0 }, B: { current: 21.3, target: 0 } } },
    ],
    [' T:25.45 /0.00 B:25.45 /0.00 @:0 B@:0', { kind: 'temperatures' }],
    [' T:25.45 /200.00 B:25.45 /0.00 @:127 B@:0 W:?', { kind: 'busy', forUser: false }],
    [' T:25.45 /0.00 B:25.45 /0.00 @:0 B@:0 @1:N2ok', { kind: 'ok' }],
    ['Resend: 4', { kind: 'resend', line: 4 }],
    ['Resend:17', { kind: 'resend', line: 17 }],
    ['rs N9', { kind: 'resend', line: 9 }],
    ['Error:checksum mismatch, Last Line: 3', { kind: 'line-error', lastLine: 3 }],
    ['Error:No Checksum with line number, Last Line: 6', { kind: 'line-error', lastLine: 6 }],
    ['Error: expected line 5 got 7', { kind: 'line-error', lastLine: undefined }],
    ['echo:busy: processing', { kind: 'busy', forUser: false }],
    ['echo:busy: paused for user', { kind: 'busy', forUser: true }],
    ['wait', { kind: 'wait' }],
    ['start', { kind: 'start' }],
    ['\u0000\u00ffstart', { kind: 'start' }],
    ['Error:Printer halted. kill() called!', { kind: 'fatal', thermal: false }],
    ['Error:Heating failed, system stopped! Heater_ID: E0', { kind: 'fatal', thermal: true }],
    ['Error:Thermal Runaway, system stopped! Heater_ID: bed', { kind: 'fatal', thermal: true }],
    ['Error:MINTEMP triggered, system stopped! Heater_ID: 0', { kind: 'fatal', thermal: true }],
    ['fatal: Heater/sensor error - Printer stopped', { kind: 'fatal', thermal: true }],
    ['!! Printer is not ready', { kind: 'fatal' }],
    ['echo:Unknown command: "XYZZY 1 2"', { kind: 'unknown-command', echo: 'XYZZY 1 2' }],
    ['//action:prompt_begin Continue?', { kind: 'action', action: 'prompt_begin Continue?' }],
    ['// action:pause\r', { kind: 'action', action: 'pause' }],
    ['Error:Serial status mismatch', { kind: 'text', isError: true }],
    ['Error:SD init fail', { kind: 'text', isError: true }],
    ['echo: cold extrusion prevented', { kind: 'text', isError: false }],
    ['X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0', { kind: 'text' }],
    ['SD card ok', { kind: 'text' }],
    ['okay', { kind: 'text' }],
    ['Cap:EEPROM:0', { kind: 'text' }],
  ])('%s', (line, reply) => {
    expect(marlin.classify(line)).toMatchObject(reply);
  });

  it('never throws and never takes noise for an acknowledgement', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (line) => {
        const { kind } = marlin.classify(line);
        if (kind === 'ok') expect(line).toMatch(/^ok(?:\s|$)|ok\s*$/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the commands that hold their ok', () => {
    expect(
      ['G28 W', 'G4 P100', 'M109 S200', 'M190 S60', 'M400', 'T0', 'M0'].filter(
        (line) => !marlin.holdsAcknowledgement(line),
      ),
    ).toEqual([]);
    expect(
      ['G1 X1', 'G2 X1', 'M104 S200', 'M105', 'G92 E0', 'M1040'].filter((line) => marlin.holdsAcknowledgement(line)),
    ).toEqual([]);
  });
});
