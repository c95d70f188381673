import { describe, expect, it } from 'vitest';
import { BenchMachine } from '../support/protocol/bench-machine.js';

const moves = (count: number): string[] => Array.from({ length: count }, (_, index) => `G1 X${index + 1}`);
const answer = 'ok T:25.0 /0.0 B:25.0 /0.0 @:0 B@:0';
const report = ' T:25.0 /0.0 B:25.0 /0.0 @:0 B@:0';
const one = { window: { bytes: 127, lines: 1 } };

/** Cases that random schedules found (fault-schedules.test.ts), each as the smallest exchange that shows it. */
describe('an ok that acknowledges nothing', () => {
  it('stands behind an error whose request was lost: the line is sent again at once', () => {
    const bench = new BenchMachine(moves(1)).pass(0);
    bench.takeWritten();
    bench.hear('Error:checksum mismatch, Last Line: 0', 'ok').pass(60);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1']);
    expect(bench.acknowledged()).toEqual([]);
  });

  it('belongs to the refused line even when something was said between', () => {
    const bench = new BenchMachine(moves(2), one).pass(0);
    bench.hear('Error:checksum mismatch, Last Line: 0', 'Resend: 1', report, 'ok').pass(60);
    expect(bench.acknowledged()).toEqual([]);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N1 G1 X1']);
  });

  it('belongs to a piece of a line that ran unnumbered: the line itself is asked after', () => {
    const bench = new BenchMachine(moves(1)).pass(0);
    bench.hear('echo:Unknown command: "1 G1 X1"', 'ok').pass(250);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 M105']);
    expect(bench.acknowledged()).toEqual([]);
  });

  it('belongs to a bare command, behind the oks of the lines before it', () => {
    const bench = new BenchMachine(moves(3), { window: { bytes: 127, lines: 2 } }).pass(0);
    bench.machine.sendBare('M108');
    bench.hear('ok', 'ok', 'ok');
    expect(bench.acknowledged()).toEqual(['G1 X1', 'G1 X2']);
    bench.hear('ok');
    expect(bench.acknowledged()).toEqual(moves(3));
  });

  it('has no name, where the firmware names its lines', () => {
    const bench = new BenchMachine(moves(4)).pass(0).hear('ok N1 P15 B3', 'ok P15 B3', 'ok');
    expect(bench.acknowledged()).toEqual(['G1 X1']);
    bench.hear('Error:checksum mismatch, Last Line: 1', 'Resend: 2', 'ok N2 P15 B3');
    expect(bench.machine.fault).toBeUndefined();
  });

  it('is bare where a question was answered before', () => {
    const bench = new BenchMachine(['M105', 'M105', 'G1 X1'], one).pass(0).hear(answer, 'ok', 'ok');
    expect(bench.acknowledged()).toEqual(['M105']);
    bench.hear(answer);
    expect(bench.acknowledged()).toEqual(['M105', 'M105']);
  });
});

describe('questions', () => {
  it('whose answers were lost do not hold up the rest for ever', () => {
    const bench = new BenchMachine(moves(2), one).pass(0).pass(3000);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 M105', 'N3 M105']);
    bench.hear(answer).pass(250);
    expect(bench.takeWritten()).toEqual(['N4 G1 X2']);
  });

  it('fit in behind accepted lines whose oks were lost, however long the next line is', () => {
    const commands = ['G1 X1', 'G1 X2', `G1 ${'X1.00000'.padEnd(70, '0')}`];
    const bench = new BenchMachine(commands, { window: { bytes: 90, lines: 2 } }).pass(0);
    bench.hear('ok');
    bench.hear('Error:checksum mismatch, Last Line: 2', 'Resend: 3', 'ok').pass(200);
    expect(bench.takeWritten().at(-1)).toContain('N3 G1');
    expect(bench.machine.fault).toBeUndefined();
  });

  it('end when temperatures are all that is ever heard', () => {
    const bench = new BenchMachine(moves(1)).pass(0);
    for (let minute = 0; minute < 16 * 6; minute += 1) bench.pass(10_000).hear(report);
    expect(bench.machine.fault).toBe('LINK_SILENT');
    expect(bench.takeWritten()).toHaveLength(6);
  });
});

describe('a resend request that cannot be true', () => {
  it('is passed over when error and request disagree', () => {
    const bench = new BenchMachine(moves(9)).pass(0).hear('ok', 'ok', 'ok', 'ok');
    bench.takeWritten();
    bench.hear('Error:checksum mismatch, Last Line: 4', 'Resend: 9', 'ok').pass(100);
    expect(bench.takeWritten()).toEqual([]);
  });

  it('is passed over when it asks for lines of long ago, but not when it does so again', () => {
    const bench = new BenchMachine(moves(90), one).pass(0);
    for (let line = 0; line < 60; line += 1) bench.hear('ok');
    bench.takeWritten();
    bench.hear('Resend: 6', 'ok').pass(100);
    expect([bench.takeWritten(), bench.machine.fault]).toEqual([[], undefined]);
    bench.hear('Resend: 6', 'ok');
    expect(bench.machine.fault).toBe('RESEND_IMPOSSIBLE');
  });

  it('is a reset when it asks for the first line again and again', () => {
    const bench = new BenchMachine(moves(90), one).pass(0);
    for (let line = 0; line < 60; line += 1) bench.hear('ok');
    bench.hear('Resend: 1', 'ok', 'Resend: 1', 'ok');
    expect(bench.machine.fault).toBe('PRINTER_RESET');
  });

  it('is a storm when it comes without end while nothing is sent', () => {
    const bench = new BenchMachine(moves(9)).pass(0);
    for (let request = 0; request < 70; request += 1) bench.hear('Resend: 1', 'ok').pass(5);
    expect(bench.machine.fault).toBe('RESEND_STORM');
  });

  it('for the next line tells that all were taken: nothing is sent again', () => {
    const bench = new BenchMachine(moves(3)).pass(0);
    bench.hear('Error:checksum mismatch, Last Line: 0', 'Resend: 1', 'ok');
    bench.hear('Error:Line Number is not Last Line Number+1, Last Line: 3', 'Resend: 4', 'ok').pass(200);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 G1 X2', 'N3 G1 X3']);
  });
});

describe('a command that may take minutes', () => {
  it('is followed by nothing but a question, so that a place is left for the emergency stop', () => {
    const bench = new BenchMachine(['G1 X1', 'M109S200', 'M190 S60', 'G28']).pass(0);
    expect(bench.takeWritten()).toEqual(['N1 G1 X1', 'N2 M109S200']);
    bench.hear('ok').pass(300).hear('echo:busy: processing');
    expect(bench.takeWritten()).toEqual(['N3 M105']);
    bench.hear('ok', answer);
    expect(bench.takeWritten()).toEqual(['N4 M190 S60']);
  });
});
