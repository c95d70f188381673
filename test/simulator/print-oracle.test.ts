import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandText } from '../../src/simulator/command-text.js';
import type { PrintComparison } from '../../src/simulator/print-comparison.js';
import { PrintOracle } from '../../src/simulator/print-oracle.js';

const compare = (ran: readonly string[], expected: readonly string[], ignore: string[] = []): PrintComparison => {
  const oracle = new PrintOracle();
  for (const command of ran) oracle.ran(command);
  const kept = oracle.compare(expected, ignore);
  // Compared as they run the answer is the same.
  oracle.expect(expected, ignore);
  for (const command of ran) oracle.ran(command);
  expect(oracle.commands).toEqual([]);
  expect(oracle.count).toBe(ran.length);
  expect(oracle.result()).toEqual(kept);
  expect(oracle.result()).toBeUndefined();
  return kept;
};

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `G1 X${index} E0.1`);
const none = { exact: false, lost: 0, doubled: 0, misordered: 0, corrupted: 0 };
const without = <Item>(items: readonly Item[], index: number, count = 1): Item[] => items.toSpliced(index, count);

describe('a command of a file', () => {
  it.each([
    ['G1 X1 ; to the right', 'G1 X1'],
    ['  G1   X1\tY2  ', 'G1 X1 Y2'],
    ['M117 a\\;b ; c', 'M117 a;b'],
    ['M117 a\\', 'M117 a'],
    ['M105*36', 'M105'],
    ['; nothing', undefined],
    ['', undefined],
  ])('of %j is %j', (line, text) => expect(commandText(line)).toBe(text));
});

describe('the oracle', () => {
  it('finds a print exact that holds comments, blank lines and the host’s own questions', () => {
    const file = ['; a file', 'G28', '', 'G1 X1 ; go', 'G1 X2'];
    const ran = ['M110 N0', 'M115', 'G28', 'M105', 'G1 X1', 'M105', 'M400', 'G1 X2', 'M114', 'M155 S0'];
    expect(compare(ran, file)).toEqual({
      ...none,
      exact: true,
      matched: 3,
      refused: 0,
      firstDifference: undefined,
    });
  });

  it('takes housekeeping for the file’s own where it is next in the file', () => {
    const file = ['M115 U3.13.3', 'M105', 'G28', 'M400', 'M105', 'M105'];
    expect(compare(['M105', ...file, 'M105'], file).exact).toBe(true);
    expect(compare(without(file, 0), file)).toMatchObject({ exact: false });
    expect(compare(file.slice(0, -1), file)).toMatchObject({ lost: 1 });
  });

  it('passes over what the caller names, by code or word for word', () => {
    const file = ['G28', 'G1 X1'];
    expect(
      compare(['M104 S0', 'G28', 'M73 P1', 'G1 X1', 'G1 X0 F6000'], file, ['M104', 'M73', 'G1 X0 F6000']).exact,
    ).toBe(true);
    expect(compare(['G28', 'M73 P1', 'G1 X1'], file)).toMatchObject({ corrupted: 1 });
  });

  it('tells lost, doubled, misordered and corrupted lines apart', () => {
    const file = lines(100);
    expect(compare(without(file, 50, 2), file)).toMatchObject({ ...none, lost: 2, matched: 98 });
    expect(compare(file.toSpliced(50, 0, file[49]!), file)).toMatchObject({ ...none, doubled: 1, matched: 100 });
    expect(compare(file.toSpliced(50, 0, file[20]!, file[21]!), file)).toMatchObject({ ...none, doubled: 2 });
    expect(compare(file.with(50, 'G1 X5'.concat('?')), file)).toMatchObject({ ...none, corrupted: 1, matched: 99 });
    expect(compare(file.toSpliced(50, 0, '0.1'), file)).toMatchObject({ ...none, corrupted: 1, matched: 100 });
    const swapped = file.with(50, file[51]!).with(51, file[50]!);
    expect(compare(swapped, file)).toMatchObject({ ...none, misordered: 2, matched: 100 });
    const late = [...without(file, 50), file[50]!];
    expect(compare(late, file)).toMatchObject({ ...none, misordered: 1, matched: 100 });
  });

  it('says where the first difference is', () => {
    const file = lines(10);
    expect(compare(without(file, 4), file).firstDifference).toEqual({ command: 5, expected: file[4], ran: file[5] });
    expect(compare(file.slice(0, 7), file).firstDifference).toEqual({ command: 8, expected: file[7], ran: undefined });
    expect(compare([...file, 'G1 X999'], file).firstDifference).toEqual({
      command: 11,
      expected: undefined,
      ran: 'G1 X999',
    });
  });

  it('counts a print that stopped, and one that never began', () => {
    expect(compare(lines(30), lines(500))).toMatchObject({ ...none, lost: 470, matched: 30 });
    expect(compare([], lines(5))).toMatchObject({ ...none, lost: 5 });
    expect(compare([], [])).toMatchObject({ exact: true, matched: 0 });
  });

  it('follows a print that began anew', () => {
    expect(compare([...lines(300), ...lines(300)], lines(300))).toMatchObject({ ...none, doubled: 300, matched: 300 });
  });

  it('stays in bounds when nothing fits', () => {
    const other = Array.from({ length: 3_000 }, (_, index) => `M117 ${index}`);
    expect(compare(other, lines(2_000))).toMatchObject({ exact: false, lost: 2_000, corrupted: 3_000, matched: 0 });
  });

  it('counts noise that the firmware did not know apart, but not lines of the file that it does not know', () => {
    const oracle = new PrintOracle();
    const file = ['G28', 'M862.3 P1', 'G1 X1'];
    const run = (commands: readonly string[]): PrintComparison => {
      oracle.reset();
      for (const command of commands) oracle.ran(command, command.startsWith('G'));
      return oracle.compare(file);
    };
    expect(run(['G28', 'O1 M105', 'M862.3 P1', '80', 'G1 X1'])).toMatchObject({ exact: true, refused: 2, matched: 3 });
    expect(run(['G28', 'G1 X1'])).toMatchObject({ ...none, lost: 1 });
    expect(run(['G28', 'M862.3 P1', 'M862.3 P1', 'G1 X1'])).toMatchObject({ ...none, doubled: 1 });
  });

  it('forgets on request', () => {
    const oracle = new PrintOracle();
    oracle.ran('G28');
    oracle.reset();
    expect(oracle.count).toBe(0);
    expect(oracle.compare(['G28'])).toMatchObject({ lost: 1 });
  });

  it('finds every print exact that ran as it should, and no other', () => {
    const file = fc.array(fc.constantFrom<string>('G92 E0', 'G1 X1', 'G1 X2', 'M105', 'M106 S255', 'G1 F1500'), {
      minLength: 1,
    });
    fc.assert(fc.property(file, (commands) => compare(commands, commands).exact));
    fc.assert(
      fc.property(file, fc.nat(), fc.constantFrom('cut', 'add'), (commands, place, what) => {
        const at = place % commands.length;
        const ran = what === 'cut' ? without(commands, at) : commands.toSpliced(at, 0, 'G1 X3');
        return !compare(ran, commands).exact;
      }),
    );
  });
});
