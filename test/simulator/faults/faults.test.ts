import { describe, expect, it } from 'vitest';
import { type FaultSettings, faultsFrom } from '../../../src/simulator/fault-settings.js';
import { ModelHost, numbered } from '../model-host.js';

const hostWith = (settings: FaultSettings, seed = 7, onHangUp?: () => void): ModelHost => {
  const host = ModelHost.booted({}, onHangUp ? { onHangUp } : {});
  for (const fault of faultsFrom(settings, seed)) host.model.inject(fault);
  return host;
};

const struck = (host: ModelHost): Record<string, number> =>
  Object.fromEntries(host.model.faults.map(({ name, struck }) => [name, struck]));

/** Sends numbered lines, each again when it was refused. */
const sendLines = (host: ModelHost, count: number): string[] => {
  for (let number = 1; number <= count; number++) host.send(numbered(number, 'G21')).run(1);
  return host.lines;
};

describe('noise on the way to the printer', () => {
  it('flips one bit of every nth line', () => {
    const host = hostWith({ corruptEvery: 3 });
    const lines = Array.from({ length: 9 }, (_, index) => `M118 line ${index}\n`);
    for (const line of lines) host.send(line);
    expect(struck(host)).toEqual({ corrupt: 3 });
    // A line that lost its newline waits for the next one's.
    host.send('\n');
    expect(host.oracle.commands.filter((command) => lines.includes(`${command}\n`)).length).toBeLessThanOrEqual(6);
  });

  it('is found by the checksum', () => {
    const host = hostWith({ corruptEvery: 2 });
    sendLines(host, 2);
    expect(host.lines.filter((line) => line === 'ok').length).toBeLessThanOrEqual(2);
    expect(host.oracle.count).toBeLessThanOrEqual(2);
    expect(host.oracle.commands.filter((command) => command === 'G21')).toEqual(['G21']);
  });

  it('is the same for the same seed and another for another', () => {
    const run = (seed: number): string[] => sendLines(hostWith({ corruptRate: 0.3 }, seed), 60);
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('takes a line number away, so that the rest runs unchecked', () => {
    const host = hostWith({ losePrefixEvery: 2 });
    host.send('M105\n');
    expect(sendLines(host, 3).slice(1)).toEqual([
      'ok',
      'ok',
      'Error:Line Number is not Last Line Number+1, Last Line: 1',
      'Resend: 2',
      'ok',
    ]);
  });

  it('takes a newline away, so that two lines become one', () => {
    const host = hostWith({ loseNewlineEvery: 2 });
    sendLines(host, 3);
    expect(host.lines).toEqual(['ok', 'Error:checksum mismatch, Last Line: 1', 'Resend: 2', 'ok']);
  });

  it('sees a line that comes in pieces as one, and lines already under way as they are', () => {
    const host = ModelHost.booted();
    host.send('M11');
    for (const fault of faultsFrom({ corruptEvery: 1_000 }, 1)) host.model.inject(fault);
    host.send('8 hi').send('\nG2').send('1\n');
    expect(host.oracle.commands).toEqual(['M118 hi', 'G21']);
  });
});

describe('noise on the way to the host', () => {
  it.each([
    [{ dropOkEvery: 2 }, ['ok', 'ok']],
    [{ dropOkRate: 1 }, []],
    [{ duplicateOkEvery: 3 }, ['ok', 'ok', 'ok', 'ok', 'ok']],
    [{ duplicateOkRate: 1 }, Array(8).fill('ok')],
    [{ partialOkEvery: 4 }, ['ok', 'ok', 'ok', 'k']],
    [{ glueOkEvery: 4 }, ['ok', 'ok', 'ok', ' T:25.00 /0.00 B:25.00 /0.00 @:1ok']],
  ])('%j makes of four oks %j', (settings, expected) => {
    const host = hostWith(settings);
    host.send('G21\n'.repeat(4));
    expect(host.lines).toEqual(expected);
  });

  it('glues a reply to the next', () => {
    const host = hostWith({ glueLinesEvery: 1 });
    expect(host.ask('M118 text\nG21')).toEqual(['text\rok', 'ok']);
  });

  it('puts garbage between', () => {
    const host = hostWith({ garbageEvery: 2 });
    host.send('G21\n'.repeat(20));
    expect(struck(host)).toEqual({ garbage: 10 });
    expect(host.lines.filter((line) => line === 'ok').length).toBeGreaterThanOrEqual(10);
    expect(host.lines.every((line) => line === 'ok')).toBe(false);
    const noisy = hostWith({ garbageRate: 1 });
    noisy.send('G21\n'.repeat(20));
    expect(struck(noisy)).toEqual({ garbage: 20 });
  });

  it('swallows the words of a resend, not its ok', () => {
    const host = hostWith({ swallowResendEvery: 1 });
    host.send('N1 G21*1\n');
    expect(host.lines).toEqual(['Error:checksum mismatch, Last Line: 0', 'ok']);
  });

  it('comes in layers', () => {
    const host = hostWith({ dropOkEvery: 2, duplicateOkEvery: 1 });
    host.send('G21\n'.repeat(4));
    expect(host.lines).toHaveLength(4);
    expect(struck(host)).toEqual({ 'dropped-ok': 2, 'doubled-ok': 2 });
  });
});

describe('trouble at the nth command', () => {
  it('resets: the queue is lost, the banner comes, numbers begin anew', () => {
    const host = hostWith({ resetAtLine: 3 });
    host.send('G4 P10\nG21\nG90\nG91\n').run(500);
    expect(host.oracle.commands).toEqual(['G4 P10', 'G21']);
    expect(host.lines.slice(0, 3)).toEqual(['ok', 'ok', 'start']);
    host.send(numbered(5, 'G21'));
    expect(host.lines.at(-2)).toBe('Resend: 1');
    expect(host.model.figures.resets).toBe(1);
  });

  it('resets without a word', () => {
    const host = hostWith({ silentResetAtLine: 2 });
    host.send('G21\nG21\n').run(1_000);
    expect(host.lines).toEqual(['ok']);
    expect(host.ask('G21')).toEqual(['ok']);
  });

  it('hangs up', () => {
    let hungUp = 0;
    hostWith({ hangUpAtLine: 2 }, 1, () => hungUp++).send('G21\nG21\nG21\n');
    expect(hungUp).toBe(1);
    // Without anyone to hear of it nothing happens.
    expect(hostWith({ hangUpAtLine: 1 }).ask('G21')).toEqual(['ok']);
  });

  it('falls silent: nothing is read any more, and the ring runs over', () => {
    const host = hostWith({ silentAtLine: 2 });
    host.send('G21\n').send('G21\n').send('M105\n'.repeat(40)).run(10_000);
    expect(host.lines).toEqual(['ok']);
    expect(host.model.figures.overflowedBytes).toBe(200 - 127);
    host.model.reset({ nowMs: host.now });
    host.run(300);
    expect(host.ask('G21')).toEqual(['ok']);
  });

  it('halts for a thermal runaway', () => {
    const host = hostWith({ thermalRunawayAtLine: 2 });
    host.send('G21\nG21\n').run(100);
    expect(host.lines.slice(0, 2)).toEqual(['ok', 'Error:Thermal Runaway, system stopped! Heater_ID: E0']);
    expect(host.oracle.count).toBe(1);
  });

  it('lets the heater die, which the firmware finds by itself', () => {
    const host = hostWith({ heaterDeathAtLine: 1 });
    host.send('M109 S200\n').run(30_000);
    expect(host.model.haltCause).toEqual({ kind: 'heating-failed', heater: 'hotend' });
  });
});

describe('slow commands', () => {
  it('hold their ok, with busy lines or without', () => {
    const host = hostWith({ slowCommandEvery: 2, slowCommandMs: 3_000 });
    expect(host.ask('G21')).toEqual(['ok']);
    const began = host.now;
    expect(host.ask('G21')).toEqual(['echo:busy: processing', 'ok']);
    expect(host.now - began).toBe(3_000);
    const mute = hostWith({ slowCommandEvery: 1, slowCommandBusy: false });
    expect(mute.ask('G21')).toEqual(['ok']);
    expect(mute.now).toBe(200 + 5_000);
  });

  it('are those of a slow board, too', () => {
    const host = ModelHost.booted({ commandMs: 4 });
    host.ask('G21\nG21');
    host.run(4);
    expect(host.lines).toEqual(['ok', 'ok']);
    expect(host.now).toBe(208);
  });
});
