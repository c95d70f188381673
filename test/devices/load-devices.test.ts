import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigProblem } from '../../src/devices/config-problem.js';
import { type DevicesConfig, loadDevices, parseDevices } from '../../src/devices/load-devices.js';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';

const parse = (config: unknown): DevicesConfig =>
  parseDevices(typeof config === 'string' ? config : JSON.stringify(config), '/etc/spoolgate/devices.json');

const failure = (config: unknown): SpoolgateError => {
  try {
    parse(config);
  } catch (error) {
    if (error instanceof SpoolgateError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
};

const problems = (config: unknown): ConfigProblem[] => failure(config).data['problems'] as ConfigProblem[];

const printer = (fields: Record<string, unknown>): unknown => ({
  printers: [{ id: 'left', path: '/dev/ttyUSB0', ...fields }],
});

describe('parseDevices', () => {
  it('fills in every default', () => {
    expect(parse({ printers: [{ id: 'left', path: '/dev/ttyUSB0' }] })).toEqual({
      file: '/etc/spoolgate/devices.json',
      gateway: { name: undefined, queue: 'printers' },
      spool_dir: '/etc/spoolgate/spool',
      printers: [
        {
          id: 'left',
          name: 'left',
          path: '/dev/ttyUSB0',
          baud_rate: 115_200,
          dialect: 'marlin',
          bed: { x_mm: 250, y_mm: 210, z_mm: 210, origin: 'corner' },
          limits: { hotend_c: 275, bed_c: 120, chamber_c: 0 },
          buffers: { rx_bytes: 127, command_slots: 4, line_bytes: 95 },
          timeouts: { connect_s: 20, boot_s: 2.5, silence_s: 30, heat_s: 900 },
          park: { raise_mm: 5, feed_mm_min: 3000 },
          cancel_script: ['M104 S0', 'M140 S0', 'M107', 'G91', 'G1 Z5 F600', 'G90', 'M84'],
          pause_script: ['G91', 'G1 Z5 F600', 'G90'],
          clear_bed: 'by_hand',
          resume_script: [],
          tags: [],
          enabled: true,
        },
      ],
    });
  });

  it('parks sideways only where the profile names a place', () => {
    const [left] = parse(printer({ park: { raise_mm: 0, x_mm: 10, y_mm: 200, feed_mm_min: 6000 } })).printers;
    expect(left?.pause_script).toEqual(['G90', 'G1 X10 Y200 F6000']);
    expect(left?.cancel_script.slice(0, 3)).toEqual(['M104 S0', 'M140 S0', 'M107']);
  });

  it("takes the profile's own scripts, a simulated printer, comments and a byte order mark", () => {
    const config = parse(
      `\uFEFF${JSON.stringify({
        '//': ['a', 'b'],
        spool_dir: '/var/spool/prints',
        gateway: { name: 'pi-1', queue: 'farm' },
        printers: [{ '//': 'x', id: 'sim', simulated: { speed: 5 }, cancel_script: ['M112'], pause_script: [' M25 '] }],
      })}`,
    );
    expect(config).toMatchObject({ spool_dir: '/var/spool/prints', gateway: { name: 'pi-1', queue: 'farm' } });
    expect(config.printers[0]).toMatchObject({
      path: 'simulated:sim',
      simulated: { speed: 5 },
      cancel_script: ['M112'],
      pause_script: ['M25'],
    });
  });

  it.each([
    'COM3',
    '\\\\.\\COM12',
    'tcp://10.0.0.7:8080',
    'tcp://[fe80::1]:23',
    '/dev/serial/by-id/usb-x-if00',
    '/tmp/printer',
  ])('takes the path %s', (path) => {
    expect(parse(printer({ path })).printers[0]?.path).toBe(path);
  });

  it('names every problem at once, each with field and remedy', () => {
    const config = {
      spoolDir: 'x',
      printers: [
        { id: 'Left One', path: 'ttyUSB0', baudRate: 250_000, baud_rate: 25_000, bed: { x_mm: '220', z: 3 } },
        { id: 'twin', path: '/dev/a', dialect: 'Marlin', limits: { hotend_c: 900 }, tags: ['a b'] },
        { id: 'twin', path: '/dev/a', park: { x_mm: 5 }, timeouts: { silence_s: 0 } },
        { id: 'none' },
        { id: 'both', path: '/dev/b', simulated: {} },
        7,
      ],
    };
    const found = Object.fromEntries(
      problems(config).map(({ field, problem, remedy }) => [field, `${problem} | ${remedy}`]),
    );
    expect(found).toMatchObject({
      spoolDir: 'there is no such field | Did you mean `spool_dir`?',
      'printers[0].id': expect.stringContaining('"Left One": an id is lower-case letters'),
      'printers[0].path': expect.stringContaining('"ttyUSB0": a path is `/dev/serial/by-id/...`'),
      'printers[0].baudRate': 'there is no such field | Did you mean `baud_rate`?',
      'printers[0].baud_rate': expect.stringMatching(/^25000 is none of 9600, .* \| Did you mean 250000\?$/),
      'printers[0].bed.x_mm': 'expected a number without quotation marks, found "220" | Printable width, mm.',
      'printers[0].bed.z': expect.stringContaining('Did you mean `z_mm`?'),
      'printers[1].dialect': expect.stringContaining('Did you mean marlin?'),
      'printers[1].limits.hotend_c': expect.stringContaining('900: must be at most 600 |'),
      'printers[1].tags[0]': expect.stringContaining('"a b": a tag is'),
      'printers[2].id': '"twin" is also that of printers[1] | Each printer has its own id.',
      'printers[2].path': '"/dev/a" is also that of printers[1] | Each printer has its own path.',
      'printers[2].park': expect.stringContaining('x_mm and y_mm belong together'),
      'printers[2].timeouts.silence_s': expect.stringContaining('0: must be more than 0 |'),
      'printers[3].path': expect.stringContaining('missing: a printer that is not `simulated` needs its port'),
      'printers[4].path': expect.stringContaining('a `simulated` printer has no port of its own'),
      'printers[5]': expect.stringContaining('expected an object `{ ... }`, found 7'),
    });
    const { message } = failure(config);
    expect(message).toMatch(/^CONFIG_INVALID: .*: \/etc\/spoolgate\/devices\.json:\n {2}- /);
    expect(message.split('\n')).toHaveLength(Object.keys(found).length + 1);
  });

  it.each([
    [[], '', 'expected an object'],
    [{}, 'printers', 'missing'],
    [{ printers: [] }, 'printers', '[]: must not be empty'],
    [{ printers: {} }, 'printers', 'expected a list'],
    [printer({ '//': 3 }), 'printers[0].//', 'Invalid input'],
    [printer({ enabled: 'yes' }), 'printers[0].enabled', 'expected true or false, found "yes"'],
    [printer({ buffers: { rx_bytes: 12.5 } }), 'printers[0].buffers.rx_bytes', 'expected a whole number'],
    [printer({ name: 'x'.repeat(101) }), 'printers[0].name', 'must be at most 100 characters'],
    [printer({ baud_rate: '115200' }), 'printers[0].baud_rate', '"115200" is none of'],
    [printer({ baud_rate: {} }), 'printers[0].baud_rate', '{} is none of'],
    [printer({ dialect: 'grbl' }), 'printers[0].dialect', '"grbl" is none of marlin'],
    [printer({ quantum: 1 }), 'printers[0].quantum', 'there is no such field'],
    [printer({ cancel_script: ['M104 S0\nM112'] }), 'printers[0].cancel_script[0]', 'a line break'],
    [printer({ cancel_script: ['M117 größer'] }), 'printers[0].cancel_script[0]', 'outside ASCII'],
    [printer({ pause_script: ['G91', ''] }), 'printers[0].pause_script[1]', 'must not be empty'],
    [printer({ pause_script: ['m84'] }), 'printers[0].pause_script[0]', 'upper-case'],
    [printer({ resume_script: ['G28 ; home'] }), 'printers[0].resume_script[0]', 'a comment'],
    [printer({ resume_script: ['N1 G28'] }), 'printers[0].resume_script[0]', 'line number'],
    [printer({ resume_script: ['G28*3'] }), 'printers[0].resume_script[0]', 'checksum'],
    [printer({ resume_script: ['M110 N0'] }), 'printers[0].resume_script[0]', 'M110'],
    [
      printer({ resume_script: [`M117 ${'x'.repeat(80)}`] }),
      'printers[0].resume_script[0]',
      'must be at most 80 characters',
    ],
  ])('%j', (config, field, problem) => {
    expect(problems(config)).toContainEqual(
      expect.objectContaining({ field, problem: expect.stringContaining(problem) as unknown }),
    );
  });

  it('suggests a rate also for one that has no digits in common, and none for what is no number', () => {
    expect(problems(printer({ baud_rate: 7 }))[0]?.remedy).toBe('Did you mean 9600?');
    expect(problems(printer({ baud_rate: 'fast' }))[0]?.remedy).toContain("The firmware's rate");
    expect(problems(printer({ baud_rate: -1 }))[0]?.remedy).toContain("The firmware's rate");
  });

  it('names line and column where the text is no JSON', () => {
    expect(failure('{\n  "printers": [\n  ],\n}').message).toBe(
      'CONFIG_INVALID: The configuration is not valid: /etc/spoolgate/devices.json: line 4, column 1: a comma before `}`: the last entry has none after it. The file must be JSON.',
    );
  });

  it('takes the file or refuses it with CONFIG_INVALID, whatever it holds', () => {
    const field = fc.constantFrom(
      'id',
      'path',
      'bed',
      'x_mm',
      'printers',
      'gateway',
      'simulated',
      'tags',
      '//',
      '__proto__',
      'constructor',
    );
    const config = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(1, 'a', null, true, -0.5, ''), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(field, tie('value'), { maxKeys: 5 }),
    })).value;
    fc.assert(
      fc.property(config, (content) => {
        for (const whole of [content, { printers: [content] }]) {
          const found = problems(whole);
          expect(found.length).toBeGreaterThan(0);
          expect(found.every(({ problem, remedy }) => problem !== '' && remedy !== '')).toBe(true);
        }
      }),
    );
  });
});

describe('loadDevices', () => {
  it('reads devices.example.json: two real printers and a simulated one', async () => {
    const config = await loadDevices(fileURLToPath(new URL('../../devices.example.json', import.meta.url)));
    expect(
      config.printers.map(({ id, path, enabled, simulated }) => [id, path.split('-')[0], enabled, simulated?.speed]),
    ).toEqual([
      ['ender-left', '/dev/serial/by', true, undefined],
      ['prusa-right', '/dev/serial/by', false, undefined],
      ['simulated', 'simulated:simulated', true, 20],
    ]);
  });

  it('tells a missing file from one that cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'devices-'));
    try {
      const path = join(folder, 'devices.json');
      await expect(loadDevices(path)).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND', data: { file: path } });
      await expect(loadDevices(folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      writeFileSync(path, JSON.stringify(printer({})));
      chmodSync(path, 0o644);
      expect((await loadDevices(path)).spool_dir).toBe(join(folder, 'spool'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
