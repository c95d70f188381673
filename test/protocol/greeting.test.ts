import { describe, expect, it } from 'vitest';
import { marlin } from '../../src/protocol/dialects/marlin.js';
import { defaultGreetingTimes, Greeting } from '../../src/protocol/greeting.js';

const greet = (): { greeting: Greeting; at: (ms: number, ...lines: string[]) => string } => {
  const greeting = new Greeting(marlin, defaultGreetingTimes, 0);
  return {
    greeting,
    at: (ms, ...lines) => {
      greeting.receive(lines, ms);
      greeting.advance(ms);
      return greeting.takeOutput();
    },
  };
};

const m115 = [
  'FIRMWARE_NAME:Marlin 2.1.2 (Nov 23 2026) SOURCE_CODE_URL:github.com/x MACHINE_TYPE:Ender EXTRUDER_COUNT:1',
  'Cap:EEPROM:0',
  'Cap:AUTOREPORT_TEMP:1',
];

describe('greeting a firmware', () => {
  it('waits for the banner to end, sets the counter, asks M115', () => {
    const { greeting, at } = greet();
    expect(at(900, 'start', 'echo:Marlin 2.1.2')).toBe('');
    expect(at(930, 'echo: Last Updated: 2022')).toBe('');
    expect(at(970)).toBe('');
    expect(at(990)).toBe('N0 M110 N0*125\n');
    expect(at(995, 'ok')).toBe('N1 M115*39\n');
    expect(at(999, ...m115, 'ok')).toBe('');
    expect(greeting.outcome).toMatchObject({
      type: 'ready',
      wasReset: true,
      lastNumber: 1,
      firmware: { name: 'Marlin 2.1.2 (Nov 23 2026)', machineType: 'Ender' },
    });
    expect(greeting.nextDeadlineMs()).toBeUndefined();
  });

  it('greets a board that did not reset after a while', () => {
    const { greeting, at } = greet();
    expect(at(2499)).toBe('');
    expect(at(2500)).toBe('N0 M110 N0*125\n');
    at(2510, 'ok');
    at(2520, ...m115, 'ok');
    expect(greeting.outcome).toMatchObject({ type: 'ready', wasReset: false });
  });

  it('does not take an old ok for the answer to M115', () => {
    const { greeting, at } = greet();
    at(2500);
    at(2510, 'ok', 'ok');
    expect(greeting.outcome).toBeUndefined();
    at(2520, ...m115, 'ok');
    expect(greeting.outcome).toMatchObject({ type: 'ready' });
  });

  it('accepts a firmware that knows no M115', () => {
    const { greeting, at } = greet();
    at(2500);
    at(2510, 'ok', 'ok');
    at(4600);
    expect(greeting.outcome).toMatchObject({ type: 'ready', firmware: { name: '' } });
  });

  it('begins again after a reset, a refusal or a greeting that was eaten', () => {
    const { greeting, at } = greet();
    at(2500);
    expect(at(4500)).toBe('N0 M110 N0*125\n');
    expect(at(4600, 'start')).toBe('');
    expect(at(4700)).toBe('N0 M110 N0*125\n');
    at(4710, 'ok');
    expect(at(4720, 'Error:checksum mismatch, Last Line: 0', 'Resend: 1', 'ok')).toContain('N0 M110 N0*125\n');
    expect(greeting.outcome).toBeUndefined();
  });

  it('is patient while the firmware is busy', () => {
    const { at } = greet();
    at(2500);
    at(4000, 'echo:busy: processing');
    expect(at(5900)).toBe('');
    expect(at(6000)).toBe('N0 M110 N0*125\n');
  });

  it.each([
    [[], 'nothing was received'],
    [['\u00ff\u0080\u0001', 'x\u00f8'], 'wrong baud rate'],
    [['hello', 'world'], 'no answer to M110'],
  ])('gives up with the likely cause: %j', (lines, cause) => {
    const { greeting, at } = greet();
    at(10, ...lines);
    at(20_000);
    expect(greeting.outcome).toMatchObject({
      type: 'failed',
      code: 'NO_BANNER',
      detail: expect.stringContaining(cause) as string,
    });
  });

  it('says at once that the printer has halted', () => {
    const { greeting, at } = greet();
    at(10, 'Error:MINTEMP triggered, system stopped! Heater_ID: 0');
    expect(greeting.outcome).toMatchObject({ type: 'failed', code: 'THERMAL_FAULT' });
  });
});
