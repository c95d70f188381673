import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { resolveInSpool } from '../../src/gcode/spool-file.js';

describe('resolveInSpool', () => {
  let root: string;
  let spool: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'spool-')));
    spool = join(root, 'spool');
    mkdirSync(join(spool, 'parts'), { recursive: true });
    writeFileSync(join(spool, 'cube.gcode'), 'G28\n');
    writeFileSync(join(spool, 'parts', 'gear..v2.gcode'), 'G28\n');
    writeFileSync(join(root, 'secret'), 'x');
    mkdirSync(join(root, 'spool-2'));
    writeFileSync(join(root, 'spool-2', 'cube.gcode'), 'G28\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['cube.gcode', 'cube.gcode'],
    ['./cube.gcode', 'cube.gcode'],
    ['parts/gear..v2.gcode', 'parts/gear..v2.gcode'],
    ['parts//gear..v2.gcode', 'parts/gear..v2.gcode'],
  ])('finds %s', async (name, file) => {
    expect(await resolveInSpool(spool, name)).toBe(join(spool, file));
  });

  it('follows links that stay inside, and a spool folder that is itself a link', async () => {
    symlinkSync('parts/gear..v2.gcode', join(spool, 'link.gcode'));
    symlinkSync(spool, join(root, 'door'));
    expect(await resolveInSpool(join(root, 'door'), 'link.gcode')).toBe(join(spool, 'parts/gear..v2.gcode'));
  });

  it.each([
    '',
    '..',
    '../secret',
    'parts/../../secret',
    'parts/../cube.gcode',
    '/etc/passwd',
    'C:\\x',
    'c:x',
    '..\\secret',
    'a\0b',
    '\\\\host\\x',
  ])('refuses %j', async (name) => {
    await expect(resolveInSpool(spool, name)).rejects.toMatchObject({ code: 'FILE_OUTSIDE_SPOOL' });
  });

  it('refuses links that lead out, also to a folder with the same beginning', async () => {
    symlinkSync(join(root, 'secret'), join(spool, 'secret.gcode'));
    symlinkSync(join(root, 'spool-2'), join(spool, 'two'));
    symlinkSync(root, join(spool, 'up'));
    for (const name of ['secret.gcode', 'two/cube.gcode', 'up/secret', 'up'])
      await expect(resolveInSpool(spool, name)).rejects.toMatchObject({ code: 'FILE_OUTSIDE_SPOOL' });
  });

  it('takes regular files only', async () => {
    await expect(resolveInSpool(spool, 'parts')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(resolveInSpool(spool, '.')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    symlinkSync('loop', join(spool, 'loop'));
    await expect(resolveInSpool(spool, 'loop')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('tells a missing file and a missing folder', async () => {
    await expect(resolveInSpool(spool, 'none.gcode')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(resolveInSpool(spool, 'cube.gcode/x')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(resolveInSpool(join(root, 'none'), 'cube.gcode')).rejects.toThrow('the spool folder is not there');
  });

  it('never leaves the folder, whatever the name', async () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', '/', 'parts', 'cube.gcode', 'secret', '\\', 'c:', '%2e%2e'),
      fc.string({ maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '\\', ''), async (parts, separator) => {
        const outcome = await resolveInSpool(spool, parts.join(separator)).catch((error: unknown) => error);
        if (typeof outcome === 'string') expect(outcome.startsWith(`${spool}/`)).toBe(true);
        else expect(outcome).toBeInstanceOf(SpoolgateError);
      }),
      { numRuns: 300 },
    );
  });
});
