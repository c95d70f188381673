import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MotionTracker, type MotionTrackerOptions } from '../../src/gcode/motion-tracker.js';

const fed = (commands: readonly string[], options?: MotionTrackerOptions): MotionTracker => {
  const tracker = new MotionTracker(options);
  for (const command of commands) tracker.feed(command);
  return tracker;
};

/** What the last of the commands does. */
const last = (...commands: readonly string[]): string => fed(commands.slice(0, -1)).feed(commands.at(-1) ?? '');

describe('MotionTracker: position', () => {
  it.each([
    ['absolute', ['G1 X1 Y2 Z3', 'G0 X5'], { x: 5, y: 2, z: 3, e: 0 }],
    ['relative', ['G1 X10 Y10', 'G91', 'G1 X-1 Y.5 Z0.2', 'G1 X-1'], { x: 8, y: 10.5, z: 0.2, e: 0 }],
    ['back to absolute', ['G91', 'G1 X5', 'G90', 'G1 X5'], { x: 5, y: 0, z: 0, e: 0 }],
    ['without blanks or leading zero', ['G1X10Y5E.2Z.35'], { x: 10, y: 5, z: 0.35, e: 0.2 }],
    ['blanks between letter and number', ['G1 X 10 Y\t-5'], { x: 10, y: -5, z: 0, e: 0 }],
    ['signs', ['G1 X+10 Y-.5 Z-0'], { x: 10, y: -0.5, z: 0, e: 0 }],
    ['lower case', ['g1 x10 y2'], { x: 10, y: 2, z: 0, e: 0 }],
    ['a leading zero in the name', ['G01 X10', 'G00 Y3'], { x: 10, y: 3, z: 0, e: 0 }],
    ['a line number and a checksum', ['N12 G1 X10*57'], { x: 10, y: 0, z: 0, e: 0 }],
    ['a comment', ['G1 X10 ; Y20', 'G1 (X3) Y4'], { x: 10, y: 4, z: 0, e: 0 }],
    ['a quoted string', ['G1 X1 "X9" Y2 "open X7'], { x: 1, y: 2, z: 0, e: 0 }],
    ['an arc', ['G2 X10 Y10 I5 J0 E1'], { x: 10, y: 10, z: 0, e: 1 }],
    ['inches', ['G20', 'G1 X1 Y2', 'G21', 'G1 Y10'], { x: 25.4, y: 10, z: 0, e: 0 }],
    ['G92', ['G1 X5 Y5 E5', 'G92 X100 E0', 'G91', 'G1 X1'], { x: 101, y: 5, z: 0, e: 0 }],
    ['G92 in inches and without a number', ['G20', 'G92 X1 Y'], { x: 25.4, y: 0, z: 0, e: 0 }],
    ['G92 alone', ['G1 X5 Y5 Z5 E5', 'G92'], { x: 0, y: 0, z: 0, e: 0 }],
    ['G92.1, which sets nothing', ['G1 X5', 'G92.1'], { x: 5, y: 0, z: 0, e: 0 }],
    ['homing', ['G1 X5 Y5 Z5', 'G28 X'], { x: 0, y: 5, z: 5, e: 0 }],
    ['homing all', ['G1 X5 Y5 Z5', 'G28'], { x: 0, y: 0, z: 0, e: 0 }],
    ['homing Y and Z', ['G1 X5 Y5 Z5', 'G28 Y0 Z0'], { x: 5, y: 0, z: 0, e: 0 }],
    ['letters without numbers', ['G1 X5', 'G1 X Y- Z.'], { x: 5, y: 0, z: 0, e: 0 }],
    ['text commands', ['M117 X9 Y9', 'M118 G1 X9', 'M23 X9.GCO'], { x: 0, y: 0, z: 0, e: 0 }],
  ] as const)('%s', (_name, commands, position) => {
    expect(fed(commands).position).toEqual(position);
  });

  it('keeps feed rate and tool', () => {
    const tracker = fed(['G1 F1800', 'T2', 'G1 X1', 'G20', 'G1 F10', 'G1 F0']);
    expect(tracker).toMatchObject({ feedRate: 254, tool: 2, z: 0 });
  });

  it('reads decimals as a number literal does', () => {
    const decimal = fc.stringMatching(/^-?\d{0,6}(\.\d{1,6})?$/).filter((text) => /\d/.test(text));
    fc.assert(
      fc.property(decimal, (text) => {
        expect(fed([`G1 X${text}`]).position.x).toBe(Number(text) + 0);
      }),
    );
  });

  it('survives numbers of any length', () => {
    expect(fed([`G1 X${'9'.repeat(400)}`]).position.x).toBeGreaterThan(1e300);
    expect(fed([`G1 X0.${'3'.repeat(400)}`]).position.x).toBeCloseTo(1 / 3, 12);
  });
});

describe('MotionTracker: extruder mode', () => {
  it('G90 and G91 set it too, as in Marlin 2', () => {
    expect(fed(['M83', 'G90']).isExtruderRelative).toBe(false);
    expect(fed(['M82', 'G91']).isExtruderRelative).toBe(true);
    expect(fed(['G91', 'M82']).isExtruderRelative).toBe(false);
    expect(fed(['G90', 'M83']).isExtruderRelative).toBe(true);
  });

  it('or only as long as G91 holds, as in Marlin 1.1 and Klipper', () => {
    const options = { g90SetsExtruder: false };
    expect(fed(['M83', 'G90'], options).isExtruderRelative).toBe(true);
    expect(fed(['M82', 'G91'], options).isExtruderRelative).toBe(true);
    expect(fed(['M82', 'G91', 'G90'], options)).toMatchObject({ isExtruderRelative: false, isRelative: false });
  });
});

describe('MotionTracker: class', () => {
  it.each([
    ['none', ['']],
    ['none', ['  ']],
    ['none', ['?']],
    ['none', ['G1 F3000']],
    ['none', ['G1']],
    ['none', ['G4 P100']],
    ['none', ['M105']],
    ['none', ['M106 S255']],
    ['none', ['M117 G1 X10 E10']],
    ['none', ['M104 S0']],
    ['none', ['M104']],
    ['none', ['M140 S0']],
    ['none', ['M116']],
    ['none', ['T']],
    ['none', ['EXCLUDE_OBJECT_START NAME=a']],
    ['none', ['SET_HEATER_TEMPERATURE HEATER=extruder TARGET=0']],
    ['none', ['TURN_OFF_HEATERS']],
    ['none', ['G10 L2 P1 X0']],
    ['heats', ['M104 S200']],
    ['heats', ['M109 R180']],
    ['heats', ['M190 S60']],
    ['heats', ['M141 S40']],
    ['heats', ['M191 S40']],
    ['heats', ['G10 P0 S215 R160']],
    ['heats', ['G10 P0 S0 R100']],
    ['none', ['G10 P0 S0 R0']],
    ['heats', ['M568 P1 S200']],
    ['heats', ['M303 E0 S200']],
    ['heats', ['SET_HEATER_TEMPERATURE HEATER=bed TARGET=60']],
    ['moves', ['G28']],
    ['moves', ['G29']],
    ['moves', ['G0 X10']],
    ['moves', ['G1 E-1']],
    ['moves', ['G10']],
    ['moves', ['G11']],
    ['moves', ['T1']],
    ['moves', ['M125']],
    ['moves', ['BED_MESH_CALIBRATE']],
    ['extrudes', ['G1 X10 E1']],
    ['extrudes', ['G26']],
    ['extrudes', ['M600']],
    ['extrudes', ['M24']],
    ['extrudes', ['M98 P"start.g"']],
    ['extrudes', ['START_PRINT BED=60']],
    ['extrudes', ['T?']],
    ['extrudes', ['X10 E5']],
    // Drawn back and fed again, by any route: nothing new leaves the nozzle.
    ['moves', ['M83', 'G1 X1 E5', 'G1 E-2', 'G1 E2']],
    ['extrudes', ['M83', 'G1 X1 E5', 'G1 E-2', 'G1 E2.5']],
    ['moves', ['M82', 'G1 X1 E5', 'G1 E3', 'G92 E0', 'G1 E2']],
    ['extrudes', ['M82', 'G1 X1 E5', 'G1 E3', 'G92 E0', 'G1 E2.1']],
    ['moves', ['M83', 'G1 E-2', 'G1 X1 E1.5']],
    // Each tool has filament of its own.
    ['moves', ['M83', 'G1 E5', 'T1', 'G1 E-3', 'T0', 'G1 E-1', 'T1', 'G1 E3']],
    ['extrudes', ['M83', 'G1 E5', 'G1 E-5', 'T1', 'G1 E1']],
    // Rounding in the file is no filament, but many roundings are.
    ['moves', ['M83', 'G1 E5', 'G1 E-2', 'G1 E2.00005']],
    ['extrudes', ['M83', 'G1 E5', ...Array.from({ length: 3 }, () => 'G1 E0.00005')]],
  ] as const)('%s: %j', (expected, commands) => {
    expect(last(...commands)).toBe(expected);
  });

  it('tells which commands wait', () => {
    const tracker = new MotionTracker();
    const waiting = ['M109 S200', 'M190 S60', 'M191 S40', 'M116', 'TEMPERATURE_WAIT SENSOR=bed MINIMUM=50'];
    for (const command of waiting) {
      tracker.feed(command);
      expect(tracker.waits).toBe(true);
      tracker.feed('M105');
      expect(tracker.waits).toBe(false);
    }
  });

  it('keeps the targets of all heaters', () => {
    const { heaters } = fed([
      'M104 S200',
      'M104 T1 S210',
      'T1',
      'M109 R205',
      'M140 S60',
      'M141 S40',
      'M140',
      'G10 P2 S190',
    ]);
    expect([...heaters.tools]).toEqual([
      [0, 200],
      [1, 205],
      [2, 190],
    ]);
    expect(heaters).toMatchObject({ bed: 60, chamber: 40, isAnyOn: true });
    expect(fed(['M104 S200', 'M104 S0']).heaters.isAnyOn).toBe(false);
    expect(fed(['M141 S1']).heaters.isAnyOn).toBe(true);
    expect(fed(['M104 S1']).heaters.isAnyOn).toBe(true);
  });

  it('counts the filament of all tools', () => {
    expect(fed(['M83', 'G1 E5', 'G1 E-2', 'T1', 'G1 E3', 'G1 E-1']).extruded).toBe(8);
  });
});

describe('MotionTracker: anything', () => {
  it('never throws, and stays finite but for endless numbers', () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    });
    const nearly = fc.stringMatching(/^[GMTN]? ?\d{0,3}(\.\d)?( ?[A-Z][-+.]{0,2}\d{0,4}[ "(;*]?){0,8}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, nearly), { maxLength: 20 }), (commands) => {
        const tracker = new MotionTracker();
        for (const command of commands) expect(['none', 'heats', 'moves', 'extrudes']).toContain(tracker.feed(command));
        expect(Number.isNaN(tracker.position.x + tracker.extruded + tracker.feedRate)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
