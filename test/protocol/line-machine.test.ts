import { describe, expect, it } from 'vitest';
import { BenchMachine } from '../support/protocol/bench-machine.js';

const moves = (count: number): string[] => Array.from({ length: count }, (_, index) => `G1 X${index + 1}`);
const answer = 'ok T:25.0 /0.0 B:25.0 /0.0 @:0 B@:0';

describe('the window', () => {
  it('keeps as many lines in flight as allowed and sends one more for each ok', () => {
    const bench = new BenchMachine(moves(6), { window: { bytes: 127, lines: 3 } }).pass(0);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 G1 X2', 'N3 G1 X3']);
    bench.hear('ok');
    expect(bench.takeWritten()).toEqual(['N4 G1 X4']);
    bench.hear('ok', 'ok').hear('ok', 'ok', 'ok');
    expect(bench.acknowledged()).toEqual(moves(6));
    expect(bench.machine.isIdle).toBe(true);
  });

  it('never has more bytes in flight than the receive ring takes', () => {
    const long = moves(5).map((move) => `${move} ${'Y1'.padEnd(40, '0')}`);
    const bench = new BenchMachine(long).pass(0);
    expect(bench.takeWritten()).toHaveLength(2);
    expect(bench.machine.bytesInFlight).toBeLessThanOrEqual(127);
  });

  it('begins with one line in flight and grows with clean acknowledgements', () => {
    const bench = new BenchMachine(moves(40), { window: { bytes: 127, lines: 3, firstLines: 1 } }).pass(0);
    const inFlight: number[] = [];
    for (let line = 0; line < 30; line += 1) {
      inFlight.push(bench.machine.linesInFlight);
      bench.hear('ok');
    }
    expect(new Set(inFlight)).toEqual(new Set([1, 2, 3]));
    expect(inFlight[7]).toBe(1);
    expect(inFlight[8]).toBe(2);
    expect(inFlight[24]).toBe(3);
  });

  it('sends a line longer than the window when nothing else is in flight', () => {
    const bench = new BenchMachine(moves(2), { window: { bytes: 5, lines: 4 } }).pass(0);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1']);
  });

  it('takes up lines that come later', () => {
    const bench = new BenchMachine([]).pass(0).offer('G28');
    expect(bench.takeWritten()).toEqual(['N1 G28']);
  });
});

describe('a resend request', () => {
  const refused = (line: number): string[] => [
    `Error:checksum mismatch, Last Line: ${line - 1}`,
    `Resend: ${line}`,
    'ok',
  ];

  it('sends again from the line that was refused, once the link is quiet, and counts no ok for it', () => {
    const bench = new BenchMachine(moves(4)).pass(0);
    bench.takeWritten();
    bench.hear('ok', ...refused(2));
    expect(bench.takeWritten()).toEqual([]);
    bench.pass(60);
    expect(bench.takeWritten()).toEqual(['N2 G1 X2', 'N3 G1 X3']);
    bench.hear('ok');
    expect(bench.takeWritten()).toEqual(['N4 G1 X4']);
    bench.hear('ok', 'ok');
    expect(bench.acknowledged()).toEqual(moves(4));
    expect(bench.machine.linesResent).toBe(3);
  });

  it('waits for the oks of the lines before the gap: Marlin refuses a line when it reads it, not when it would run', () => {
    const bench = new BenchMachine(moves(4)).pass(0);
    bench.takeWritten();
    bench.hear(...refused(3)).pass(60);
    expect(bench.takeWritten()).toEqual([]);
    bench.hear('ok', 'ok').pass(60);
    expect(bench.takeWritten()).toEqual(['N3 G1 X3', 'N4 G1 X4']);
    expect(bench.acknowledged()).toEqual(['G1 X1', 'G1 X2']);
  });

  it('absorbs the requests of the lines that were in flight behind it', () => {
    const bench = new BenchMachine(moves(4)).pass(0);
    bench.takeWritten();
    bench
      .hear(...refused(1))
      .hear(...refused(1))
      .pass(10)
      .hear(...refused(1))
      .pass(80);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 G1 X2']);
    expect(bench.told('resend')).toHaveLength(1);
  });

  it('goes on when the oks before the gap were lost', () => {
    const bench = new BenchMachine(moves(2)).pass(0);
    bench.takeWritten();
    bench.hear(...refused(2)).pass(100);
    expect(bench.takeWritten()).toEqual([]);
    bench.pass(50);
    expect(bench.takeWritten()).toEqual(['N2 G1 X2']);
  });

  it('goes on even when the lines whose oks were lost fill the window', () => {
    const bench = new BenchMachine(moves(2), { window: { bytes: 127, lines: 2 } }).pass(0);
    bench.takeWritten();
    bench.hear(...refused(2)).pass(150);
    expect(bench.takeWritten()).toEqual(['N2 G1 X2']);
    bench.hear('ok').pass(250);
    expect(bench.takeWritten()).toEqual(['N3 M105']);
    bench.hear(answer);
    expect(bench.machine.isIdle).toBe(true);
  });

  it('is passed over when the firmware has everything already', () => {
    const bench = new BenchMachine(moves(2)).pass(0);
    bench.takeWritten();
    bench.hear('ok', 'ok', ...refused(3)).pass(100);
    expect(bench.takeWritten()).toEqual([]);
    expect(bench.acknowledged()).toEqual(moves(2));
  });

  it('is passed over when its number was garbled, and the next question brings the right one', () => {
    const bench = new BenchMachine(moves(2)).pass(0);
    bench.takeWritten();
    bench.hear('Error:checksum mismatch, Last Line: 0', 'Resend: 99', 'ok').pass(250);
    expect(bench.takeWritten()).toEqual(['N3 M105']);
    bench.hear(...refused(1)).pass(100);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 G1 X2']);
    bench.hear('ok', 'ok');
    expect(bench.takeWritten()).toEqual(['N3 M105']);
  });

  it('for the same line again and again ends as a storm', () => {
    const bench = new BenchMachine(moves(2)).pass(0);
    for (let round = 0; round < 11; round += 1) bench.hear(...refused(1)).pass(100);
    expect(bench.machine.fault).toBe('RESEND_STORM');
  });

  it('for a line that is not held any more cannot be answered', () => {
    const bench = new BenchMachine(moves(1500), { window: { bytes: 127, lines: 1 } }).pass(0);
    for (let line = 0; line < 1400; line += 1) bench.hear('ok');
    bench.hear(...refused(7));
    expect(bench.machine.fault).toBe('RESEND_IMPOSSIBLE');
  });

  it('for line 1 with a counter at 0 is a firmware that was reset', () => {
    const bench = new BenchMachine(moves(9)).pass(0).hear('ok', 'ok', 'ok');
    bench.hear('Error:Line Number is not Last Line Number+1, Last Line: 0', 'Resend: 1', 'ok');
    expect(bench.machine.fault).toBe('PRINTER_RESET');
  });
});

describe('a lost ok', () => {
  it('is found by a numbered question, and only its answer counts', () => {
    const bench = new BenchMachine(moves(2)).pass(0).hear('ok');
    bench.takeWritten();
    bench.pass(249);
    expect(bench.takeWritten()).toEqual([]);
    bench.pass(1);
    expect(bench.takeWritten()).toEqual(['N3 M105']);
    bench.hear(answer);
    expect(bench.acknowledged()).toEqual(moves(2));
    expect(bench.told('ok-lost')).toEqual([{ type: 'ok-lost', lines: 1, silentMs: 250 }]);
    expect(bench.machine.isIdle).toBe(true);
  });

  it('is never invented: a busy firmware is asked ever more slowly and nothing counts as taken', () => {
    const bench = new BenchMachine(['G28']).pass(0).pass(17_000);
    expect(bench.takeWritten()).toEqual(['N1 G28', 'N2 M105', 'N3 M105', 'N4 M105']);
    expect(bench.acknowledged()).toEqual([]);
    bench.hear('ok', answer, answer, answer);
    expect(bench.machine.isIdle).toBe(true);
    expect(bench.told('ok-lost')).toEqual([]);
  });

  it('is asked after at once when the firmware says `wait`', () => {
    const bench = new BenchMachine(moves(1)).pass(0);
    bench.takeWritten();
    bench.pass(10).hear('wait');
    expect(bench.takeWritten()).toEqual(['N2 M105']);
  });

  it('is asked after once while the firmware says every 2 s that it is busy', () => {
    const bench = new BenchMachine(['G28', 'G1 X1']).pass(0);
    for (let busy = 0; busy < 60; busy += 1) bench.pass(2000).hear('echo:busy: processing');
    expect(bench.takeWritten()).toEqual(['N1 G28', 'N2 M105']);
    bench.hear('ok', answer);
    expect(bench.takeWritten()).toEqual(['N3 G1 X1']);
  });

  it('is not suspected while the firmware says that it is busy', () => {
    const bench = new BenchMachine(['G28']).pass(0);
    bench.takeWritten();
    for (let second = 0; second < 60; second += 1) bench.pass(200).hear('echo:busy: processing');
    expect(bench.takeWritten()).toEqual([]);
  });

  it('is seen at once where the firmware names its lines', () => {
    const bench = new BenchMachine(moves(3)).pass(0).hear('ok N3 P15 B3');
    expect(bench.acknowledged()).toEqual(moves(3));
    expect(bench.told('ok-lost')).toMatchObject([{ lines: 2 }]);
  });
});

describe('a doubled ok', () => {
  it('is put right by the next answer to a question', () => {
    const bench = new BenchMachine([...moves(3), 'M105', ...moves(3)]).pass(0).hear('ok', 'ok', 'ok', 'ok');
    expect(bench.machine.acknowledged).toBe(4);
    bench.hear(answer);
    expect(bench.machine.acknowledged).toBe(4);
  });

  it('is nothing when nothing is in flight', () => {
    const bench = new BenchMachine([]).pass(0).hear('ok', 'ok', answer, 'ok N7 P1 B1');
    expect(bench.machine.isIdle).toBe(true);
    expect(bench.offer('G28').takeWritten()).toEqual(['N1 G28']);
  });
});

describe('what ends a link', () => {
  it.each([
    ['start', 'PRINTER_RESET'],
    ['Error:Printer halted. kill() called!', 'PRINTER_HALTED'],
    ['Error:Thermal Runaway, system stopped! Heater_ID: bed', 'THERMAL_FAULT'],
  ])('%s', (line, fault) => {
    const bench = new BenchMachine(moves(9)).pass(0);
    bench.takeWritten();
    bench.hear(line, 'ok', 'ok').offer('G28').pass(100_000);
    expect(bench.machine.fault).toBe(fault);
    expect(bench.takeWritten()).toEqual([]);
    expect(bench.machine.nextDeadlineMs()).toBeUndefined();
  });

  it('is silence, sooner for a move than for homing', () => {
    const move = new BenchMachine(moves(1)).pass(0).pass(29_000);
    expect(move.machine.fault).toBeUndefined();
    expect(move.pass(2000).machine.fault).toBe('LINK_SILENT');
    const homing = new BenchMachine(['G28']).pass(0).pass(14 * 60_000);
    expect(homing.machine.fault).toBeUndefined();
    expect(homing.pass(2 * 60_000).machine.fault).toBe('LINK_SILENT');
  });
});

describe('other words', () => {
  it('tells of temperatures, actions, messages, a person waited for, and damaged lines', () => {
    const bench = new BenchMachine(['G1 X1', 'M999']).pass(0);
    bench.hear(
      ' T:25.45 /0.00 B:25.45 /0.00 @:0 B@:0',
      '//action:pause',
      'echo:busy: paused for user',
      'Error:SD init fail',
    );
    bench.hear('echo:Unknown command: "M999"', 'echo:Unknown command: "80"', ' T:25.4 /200.0 B:25.0 /0.0 @:0 B@:0 W:?');
    expect(bench.notices.map(({ type }) => type)).toEqual([
      'temperatures',
      'action',
      'busy',
      'text',
      'text',
      'line-damaged',
      'temperatures',
      'busy',
    ]);
  });

  it('sends a bare command past a full window', () => {
    const bench = new BenchMachine(moves(9)).pass(0);
    bench.takeWritten();
    bench.machine.sendBare('M112');
    expect(bench.pass(0).takeWritten()).toEqual(['M112']);
  });
});
