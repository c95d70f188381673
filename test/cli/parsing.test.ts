import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { faultList, faultNames } from '../../src/cli/fault-list.js';
import { Interrupts } from '../../src/cli/interrupts.js';
import { oldNodeText } from '../../src/cli/node-version.js';
import { parseTime } from '../../src/cli/parse-time.js';
import { settingsOf } from '../../src/cli/settings.js';

describe('the version of Node.js', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '30.1.0'])('%s is new enough', (version) => {
    expect(oldNodeText(version)).toBeUndefined();
  });
  it.each(['20.18.9', '18.20.1', '4.0.0'])('%s is too old', (version) => {
    expect(oldNodeText(version)).toBe(
      `error: NODE_TOO_OLD This Node.js is too old: it is ${version}\n→ Install Node.js 20.19 or newer.\n`,
    );
  });
});

describe('moments', () => {
  const now = new Date(2025, 10, 23, 15, 30);
  it.each([
    ['+90s', new Date(2025, 10, 23, 15, 31, 30)],
    ['+1.5h', new Date(2025, 10, 23, 17, 0)],
    ['+2d', new Date(2025, 10, 25, 15, 30)],
    ['22:00', new Date(2025, 10, 23, 22, 0)],
    ['6:05', new Date(2025, 10, 24, 6, 5)],
    ['15:30', new Date(2025, 10, 24, 15, 30)],
    ['2025-12-01', new Date(2025, 11, 1)],
    ['2025-12-01 08:15', new Date(2025, 11, 1, 8, 15)],
    ['2025-12-01T08:15:00Z', new Date(Date.UTC(2025, 11, 1, 8, 15))],
  ])('%s', (text, time) => {
    expect(parseTime(text, now)).toEqual(time);
  });
  it.each(['', 'soon', '25:00', '+5', '+5y', '2025-13-01', '7'])('%o is none', (text) => {
    expect(() => parseTime(text, now)).toThrow('is no time');
  });
});

describe('global options', () => {
  it('come from flags, then the environment, then defaults', () => {
    const env = {
      SPOOLGATE_DEVICES: '/e.json',
      SPOOLGATE_LOG_LEVEL: 'WARN',
      SPOOLGATE_DATA_DIR: '/data',
      SPOOLGATE_PREFIX: '',
    };
    expect(settingsOf({}, env)).toMatchObject({
      devices: '/e.json',
      devicesNamed: true,
      logLevel: 'warn',
      dataDir: '/data',
      prefix: undefined,
      json: false,
      colour: true,
    });
    const flags = { devices: '/f.json', logLevel: 'trace', dataDir: '/d', prefix: 'x_', json: true, color: false };
    expect(settingsOf(flags, env)).toMatchObject({
      devices: '/f.json',
      logLevel: 'trace',
      dataDir: '/d',
      prefix: 'x_',
    });
    expect(settingsOf({}, { HOME: '/home/ana' })).toMatchObject({
      devices: 'devices.json',
      devicesNamed: false,
      logLevel: 'info',
    });
  });
  it('name the one that is wrong', () => {
    expect(() => settingsOf({ logLevel: 'loud' }, {})).toThrow('--log-level is loud');
    expect(() => settingsOf({}, { SPOOLGATE_LOG_LEVEL: 'loud' })).toThrow('SPOOLGATE_LOG_LEVEL is loud');
    expect(() => settingsOf({ dataDir: '' }, {})).toThrow('--data-dir: is empty');
  });
});

describe('lists of faults', () => {
  it('are read', () => {
    expect(faultList().parse('corrupt-rate=0.01, drop-ok-every=500')).toEqual({ corruptRate: 0.01, dropOkEvery: 500 });
    expect(faultNames).toContain('thermal-runaway-at-line');
  });
  it.each([
    ['corrupt', 'is not NAME=NUMBER'],
    ['corrupt-rate=x', 'is not NAME=NUMBER'],
    ['nope=1', 'there is no fault nope'],
    ['corrupt-rate=2', 'corrupt-rate:'],
    ['drop-ok-every=0.5', 'drop-ok-every:'],
  ])('%s: %s', (text, message) => {
    expect(faultList().safeParse(text).error?.issues[0]?.message).toContain(message);
  });
});

describe('interrupts', () => {
  it('abort once, count on for who has taken over, and hear one press once', () => {
    const source = new EventEmitter();
    let nowMs = 0;
    const interrupts = new Interrupts(source, () => nowMs);
    const heard: number[] = [];
    source.emit('SIGINT', 'SIGINT');
    expect(interrupts.signal.aborted).toBe(true);
    interrupts.take((count) => heard.push(count));
    // The same press, passed on by npm.
    nowMs += 20;
    source.emit('SIGINT', 'SIGINT');
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
      nowMs += 1000;
      source.emit(signal, signal);
    }
    expect(heard).toEqual([1, 2, 3]);
    interrupts.dispose();
    expect(source.listenerCount('SIGINT')).toBe(0);
  });
});
