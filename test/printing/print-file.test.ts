import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePrintKwargs } from '../../src/printing/print-kwargs.js';
import { type PrintFile, preparePrintFile } from '../../src/printing/print-file.js';

let folder = '';
let spoolDir = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spoolgate-print-file-'));
  spoolDir = join(folder, 'spool');
  await mkdir(join(spoolDir, 'deep'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const prepare = (kwargs: object, maxLineBytes = 95): Promise<PrintFile> =>
  preparePrintFile(parsePrintKwargs(kwargs), { spoolDir, maxLineBytes });

const inlineFolders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('spoolgate-inline-'));

describe('the file of a print', () => {
  it('is found in the spool folder and read through', async () => {
    await writeFile(join(spoolDir, 'deep', 'a.gcode'), 'G28 ; home\n\nG1 X1\n');
    const { info, release } = await prepare({ file: 'deep/a.gcode' });
    expect(info).toMatchObject({ lines: 3, commands: 2, bytes: 18, longestCommand: { text: 'G1 X1', fileLine: 3 } });
    await release();
    expect(existsSync(join(spoolDir, 'deep', 'a.gcode'))).toBe(true);
  });

  it('is made from inline G-code, and removed', async () => {
    const { info, release } = await prepare({ gcode: 'G28\nG1 X1' });
    expect(await readFile(info.path, 'utf8')).toBe('G28\nG1 X1');
    await release();
    expect(existsSync(info.path)).toBe(false);
    await release();
  });

  it.each([
    [{ file: '../secret.gcode' }, 'FILE_OUTSIDE_SPOOL'],
    [{ file: '/etc/passwd' }, 'FILE_OUTSIDE_SPOOL'],
    [{ file: 'link.gcode' }, 'FILE_OUTSIDE_SPOOL'],
    [{ file: 'missing.gcode' }, 'FILE_NOT_FOUND'],
    [{ file: 'empty.gcode' }, 'FILE_EMPTY'],
    [{ gcode: '; nothing\n\n' }, 'FILE_EMPTY'],
    [{ gcode: 'G28\n\u0007\u0001binary' }, 'FILE_UNREADABLE'],
  ])('%o is refused with %s', async (kwargs, code) => {
    await writeFile(join(folder, 'secret.gcode'), 'G28\n');
    await symlink(join(folder, 'secret.gcode'), join(spoolDir, 'link.gcode'));
    await writeFile(join(spoolDir, 'empty.gcode'), '');
    await expect(prepare(kwargs)).rejects.toMatchObject({ code });
  });

  it('leaves nothing behind when inline G-code is refused', async () => {
    const before = await inlineFolders();
    await expect(prepare({ gcode: '; nothing' })).rejects.toMatchObject({ code: 'FILE_EMPTY' });
    expect((await inlineFolders()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it('is refused for a line that the firmware cannot take, naming it', async () => {
    const limit = 95 - 'N9999999 '.length - '*255'.length;
    const fits = `G1 X${'0'.repeat(limit - 4)}`;
    await (await prepare({ gcode: `G28\n${fits}` })).release();
    await expect(prepare({ gcode: `G28\n${fits}0\nG1` })).rejects.toMatchObject({
      code: 'LINE_TOO_LONG',
      data: { line: 2, bytes: limit + 1, limit },
    });
    // A firmware with a longer buffer takes it.
    await (await prepare({ gcode: `G28\n${fits}0` }, 255)).release();
  });

  it('may hold messages for the display that are cut', async () => {
    await (await prepare({ gcode: `M117 ${'x'.repeat(200)}\nM118 ${'y'.repeat(200)}\nG28` })).release();
  });

  it('is refused for a long line behind a longer message', async () => {
    const gcode = `M117 ${'x'.repeat(300)}\nG1 X${'0'.repeat(200)}\nG28`;
    await expect(prepare({ gcode })).rejects.toMatchObject({ code: 'LINE_TOO_LONG', data: { line: 2 } });
  });
});
