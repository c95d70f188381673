import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coloursFor, visibleWidth, wantsColour } from '../../src/cli/terminal/colour.js';
import { ProgressView } from '../../src/cli/terminal/progress-view.js';
import { tableText } from '../../src/cli/terminal/table.js';
import { clockText, durationText, relativeTime } from '../../src/cli/terminal/times.js';

const colours = coloursFor(true);
const plain = coloursFor(false);

describe('colours', () => {
  it.each([
    [{ isTTY: true }, true, {}, true],
    [{}, true, {}, false],
    [{ isTTY: true }, false, { FORCE_COLOR: '1' }, false],
    [{ isTTY: true }, true, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, true, { NO_COLOR: '' }, true],
    [{}, true, { FORCE_COLOR: '1' }, true],
    [{ isTTY: true }, true, { FORCE_COLOR: '0' }, false],
    [{ isTTY: true }, true, { TERM: 'dumb' }, false],
  ])('stream %o, flag %o, environment %o: %o', (stream, flag, env, wanted) => {
    expect(wantsColour(stream, flag, env)).toBe(wanted);
  });
});

describe('tables', () => {
  const columns = [
    { title: 'ID', text: (row: readonly string[]) => row[0] ?? '' },
    { title: 'N', text: (row: readonly string[]) => row[1] ?? '', align: 'right' as const, paint: colours.red },
    { title: 'WHAT', text: (row: readonly string[]) => row[2] ?? '', least: 5 },
  ];

  it('aligns, and pads outside the colour', () => {
    const text = tableText(
      [
        ['a', '1', 'x'],
        ['bbb', '20', 'y\n z'],
      ],
      columns,
      { colours: plain },
    );
    expect(text.split('\n')).toEqual([
      'ID    N  WHAT',
      'a     \u001b[31m1\u001b[39m  x',
      'bbb  \u001b[31m20\u001b[39m  y z',
    ]);
  });

  it('no line is longer than the terminal while a column can give way', () => {
    const row = fc.tuple(fc.string({ maxLength: 5 }), fc.nat(99).map(String), fc.string({ maxLength: 200 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), fc.integer({ min: 20, max: 80 }), (rows, width) => {
        for (const line of tableText(rows, columns, { colours, width }).split('\n')) {
          expect(visibleWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});

describe('times', () => {
  it.each([
    [999, '0 s', '0:01'],
    [59_000, '59 s', '0:59'],
    [61_000, '1 min', '1:01'],
    [7_500_000, '2 h 05 min', '2:05:00'],
    [90_000_000, '1 d 1 h', '25:00:00'],
    [-5, '0 s', '0:00'],
  ])('%i ms are %s and %s', (ms, duration, clock) => {
    expect([durationText(ms), clockText(ms)]).toEqual([duration, clock]);
  });

  it('are told from now', () => {
    const at = (ms: number): string => relativeTime(new Date(1e12 + ms), 1e12);
    expect([at(-90_000), at(0), at(90_000)]).toEqual(['1 min ago', 'now', 'in 1 min']);
  });
});

class Screen {
  text = '';
  constructor(
    readonly isTTY: boolean,
    public columns = 80,
  ) {}
  write(text: string): void {
    this.text += text;
  }
  /** What was drawn last. */
  get line(): string {
    return this.text.split('\r').at(-1)?.replace('\u001b[K', '') ?? '';
  }
}

describe('progress', () => {
  const parts = ['0:42 left', 'nozzle 215° bed 60°', 'layer 24/99', 'line 3154/8124'];

  it('keeps to one line of any terminal, dropping what matters least', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 100, noNaN: true }), (width, percent) => {
        const screen = new Screen(true, width);
        const view = new ProgressView(screen, colours);
        view.show({ percent, phase: 'printing', parts });
        const { line } = screen;
        view.end();
        expect(visibleWidth(line)).toBeLessThan(Math.max(width, 8));
        expect(line).toContain(`${Math.floor(percent)} %`);
        if (line.includes('line 3154')) expect(line).toContain('layer 24/99');
      }),
    );
  });

  it('writes notes above the line, and gives the cursor back once', () => {
    const screen = new Screen(true);
    const view = new ProgressView(screen, plain);
    view.note('before');
    view.show({ percent: 50, phase: 'printing', parts });
    view.note('between');
    view.end();
    view.end();
    view.show({ percent: 60, phase: 'printing', parts });
    view.note('after');
    expect(screen.text).toMatch(/^before\n/);
    expect(screen.text).toContain('\rbetween\u001b[K\n█');
    expect(screen.text.split('\u001b[?25l')).toHaveLength(2);
    expect(screen.text.split('\u001b[?25h')).toHaveLength(2);
    expect(screen.text).toMatch(/\[\?25hafter\n$/);
  });

  it('is a line for each tenth and each phase where there is no terminal', () => {
    const screen = new Screen(false);
    const view = new ProgressView(screen, plain);
    for (let percent = 0; percent <= 100; percent += 1) {
      view.show({ percent, phase: percent === 0 ? 'heating' : 'printing', parts: [] });
    }
    view.end();
    const lines = screen.text.trim().split('\n');
    expect(lines).toEqual([
      'heating  0 %',
      'printing  1 %',
      ...Array.from({ length: 10 }, (_, n) => `printing  ${n + 1}0 %`),
    ]);
    expect(screen.text).not.toContain('\u001b');
  });
});
