import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelHost } from './model-host.js';

/** Simulated ms from the first of these commands to the ok of M400. */
const timeOf = (commands: readonly string[], host = ModelHost.booted()): number => {
  const began = host.now;
  host.print([...commands, 'M400']);
  return host.now - began;
};

const hot = (): ModelHost => {
  const host = ModelHost.booted();
  host.model.hardware.hotend.temperature = 200;
  host.ask('M104 S200');
  return host;
};

describe('a move', () => {
  it.each([
    [['G1 X60 F3600'], 1_000],
    [['G1 X30 Y40 F3000'], 1_000],
    [['G0 X10 F600', 'G0 X10 F600'], 1_000],
    [['G91', 'G1 X10 F600', 'G1 X10'], 2_000],
    [['G20', 'G1 X1 F60'], 1_000],
    [['G92 X100', 'G1 X110 F600'], 1_000],
    // Z goes 5 mm/s at most, unless M203 says otherwise.
    [['G1 Z10 F6000'], 2_000],
    [['M203 Z20', 'G1 Z10 F6000'], 500],
    [['M220 S200', 'G1 X20 F600'], 1_000],
    // The shortest block is 1 ms.
    [['G1 X0.001 F6000', 'G1 X0.002'], 2],
    [['G1 X10', 'G28 X', 'G1 X5 F300'], 400 + 8_600 / 4 + 1_000],
    [['G28'], 8_600],
    [['G29'], 20_000],
    [['G4 S1 P500'], 1_500],
    [['G4'], 0],
    [['M203 X0', 'G1 X60 F3600', 'G1 F0', 'M18'], 1_000],
  ])('%j takes %d ms', (commands, ms) => {
    expect(timeOf(commands)).toBeCloseTo(ms, 6);
  });

  it('of the extruder alone goes by its own feed rate', () => {
    expect(timeOf(['M83', 'G1 E10 F600', 'G1 E-5 F600'], hot())).toBeCloseTo(1_500, 6);
    expect(timeOf(['M82', 'G1 E10 F60000'], hot())).toBeCloseTo(400, 6);
    expect(timeOf(['M83', 'M221 S200', 'G1 E10 F600'], hot())).toBeCloseTo(2_000, 6);
  });

  it('of the planner takes as long as all its parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: 1, max: 200 }), f: fc.integer({ min: 60, max: 12_000 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        (moves) => {
          const host = ModelHost.booted();
          const ms = timeOf(['G91', ...moves.map(({ x, f }) => `G1 X${x} F${f}`)], host);
          const sum = moves.reduce((total, { x, f }) => total + (x / f) * 60_000, 0);
          expect(ms).toBeCloseTo(sum, 3);
          expect(host.model.hardware.planner.movedMs).toBeCloseTo(sum, 3);
          expect(host.model.hardware.planner.moves).toBe(moves.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('an arc', () => {
  it.each([
    ['G2 X20 Y0 I10 J0 F600', Math.PI * 10],
    ['G3 X20 Y0 R10 F600', Math.PI * 10],
    ['G2 X10 Y10 R10 F600', (Math.PI / 2) * 10],
    ['G3 X10 Y10 R10 F600', (Math.PI / 2) * 10],
    ['G3 X10 Y10 R-10 F600', (3 * Math.PI * 10) / 2],
    ['G3 X10 Y10 I0 J10 F600', (Math.PI / 2) * 10],
    ['G2 I10 F600', 2 * Math.PI * 10],
    ['G2 X20 Z30 I10 F600', Math.hypot(Math.PI * 10, 30)],
  ])('%s is %d mm long', (command, length) => {
    const host = ModelHost.booted();
    host.model.machine.motion.maxFeed.z = 1_000;
    expect(timeOf([command], host)).toBeCloseTo((length / 10) * 1000, 6);
    expect(host.model.hardware.planner.moves).toBe(Math.floor(length));
  });

  it('that there is none of is refused', () => {
    const host = ModelHost.booted();
    for (const command of ['G2 X10', 'G2 X100 R1', 'G2 R10', 'G2 X10 I0 J0']) {
      expect(host.ask(command)).toEqual(['Error:G2/G3 bad parameters', 'ok']);
    }
  });
});

describe('the position', () => {
  it('is where the commands have led', () => {
    const host = hot();
    host.print(['G90', 'M82', 'G1 X10 Y20 Z1 E2', 'G91', 'G1 X-1.5 E1', 'M82', 'G90', 'G1 E5', 'M400']);
    expect(host.ask('M114')[0]).toBe('X:8.50 Y:20.00 Z:1.00 E:5.00 Count X:680 Y:1600 Z:400');
    expect(host.ask('G92 X1 E0')[0]).toBe('X:1.00 Y:20.00 Z:1.00 E:0.00 Count X:80 Y:1600 Z:400');
    expect(host.ask('G92')[0]).toBe('X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0');
    host.print(['G1 X10 Y10', 'M400', 'G28 Y']);
    expect(host.ask('M114')[0]).toBe('X:10.00 Y:0.00 Z:0.00 E:0.00 Count X:800 Y:0 Z:0');
  });

  it('is reported by itself with M154, where the build has it', () => {
    expect(ModelHost.booted().ask('M154 S1')).toEqual(['echo:Unknown command: "M154 S1"', 'ok']);
    const host = ModelHost.booted({ autoreportPosition: true });
    host.print(['M154', 'M154 S2']);
    host.run(5_000).ask('M154 S0');
    host.run(5_000);
    expect(host.lines.filter((line) => line.startsWith('X:'))).toHaveLength(2);
  });
});

describe('extrusion', () => {
  it('is prevented while the hotend is cold, and the print goes on', () => {
    const cold = ModelHost.booted();
    expect(cold.ask('G1 E10 F300')).toEqual(['echo: cold extrusion prevented', 'ok']);
    expect(timeOf(['G1 X10 E20 F600'], cold)).toBeCloseTo(1_000, 6);
    const old = ModelHost.booted({ firmware: 'marlin-1.1' });
    expect(old.ask('G1 E10')).toHaveLength(3);
    expect(old.ask('T0')).toEqual(['echo:Active Extruder: 0', 'ok']);
  });

  it('is allowed below that by M302', () => {
    const host = ModelHost.booted();
    expect(host.print(['M302 P1']).ask('G1 E10')).toEqual(['ok']);
    expect(host.print(['M302 S180']).ask('G1 E20')[0]).toMatch(/cold/);
    expect(host.print(['M302']).ask('G1 E30')[0]).toMatch(/cold/);
  });

  it('of more than 200 mm at once is prevented', () => {
    expect(hot().ask('G1 E250')).toEqual(['echo: too long extrusion prevented', 'ok']);
  });
});

describe('starvation', () => {
  const short = (count: number): string[] => Array.from({ length: count }, (_, index) => `G1 X${index % 2} F60000`);

  it('is counted when moves come slower than they run', () => {
    const host = ModelHost.booted();
    host.print(short(40));
    host.run(150);
    for (const move of short(10)) {
      host.ask(move);
      host.run(103.333_333);
    }
    const { planner } = host.model.hardware;
    expect(planner.underruns).toBe(10);
    expect(planner.starvedMs).toBeCloseTo(10 * 100, -1);
  });

  it('is none when the print itself stands still', () => {
    const host = ModelHost.booted();
    host.print(short(40));
    host.print(['G4 P500', ...short(40), 'M400']);
    host.run(500);
    host.print(short(40));
    expect(host.model.hardware.planner.underruns).toBe(0);
  });
});
