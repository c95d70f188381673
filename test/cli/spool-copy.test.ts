import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeInSpool } from '../../src/cli/spool-copy.js';
import { temporaryFolder } from './support/folder.js';

const check = (): Promise<void> => Promise.resolve();

const rig = async () => {
  const folder = await temporaryFolder();
  const spool = join(folder, 'spool');
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  const place = (path: string) => placeInSpool(path, spool, { check });
  return { folder, spool, file, place };
};

describe('a file for the spool folder', () => {
  it('is copied whole into a folder that is made', async () => {
    const { spool, file, place } = await rig();
    const placed = await place(await file('a.gcode', 'G28\n'));
    expect(placed).toEqual({ name: 'a.gcode', path: join(spool, 'a.gcode'), copied: true });
    expect(await readFile(placed.path, 'utf8')).toBe('G28\n');
    expect(await readdir(spool)).toEqual(['a.gcode']);
  });

  it('gets another name only where the content is another', async () => {
    const { spool, file, place } = await rig();
    const names = [];
    for (const text of ['G28', 'G29', 'G28', 'G29', 'G30'])
      names.push((await place(await file('a.gcode.gz', text))).name);
    expect(names).toEqual(['a.gcode.gz', 'a-2.gcode.gz', 'a.gcode.gz', 'a-2.gcode.gz', 'a-3.gcode.gz']);
    expect((await readdir(spool)).sort()).toEqual(['a-2.gcode.gz', 'a-3.gcode.gz', 'a.gcode.gz']);
  });

  it('is used as it is when it lies there, by path or by name', async () => {
    const { spool, file, place } = await rig();
    const path = await file('spool/parts/b.gcode', 'G28');
    expect(await place(path)).toEqual({ name: 'parts/b.gcode', path, copied: false });
    expect(await place('parts/b.gcode')).toEqual({ name: 'parts/b.gcode', path, copied: false });
    expect(await readdir(spool)).toEqual(['parts']);
  });

  it('is copied where a link in another folder leads to it', async () => {
    const { folder, file, place } = await rig();
    await symlink(await file('c.gcode', 'G28'), join(folder, 'link.gcode'));
    expect(await place(join(folder, 'link.gcode'))).toMatchObject({ name: 'link.gcode', copied: true });
  });

  it('is refused before anything is copied', async () => {
    const { folder, spool, file, place } = await rig();
    await expect(place('missing.gcode')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(place(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    const refuse = (): Promise<void> => Promise.reject(new Error('not this one'));
    await expect(placeInSpool(await file('d.gcode', ''), spool, { check: refuse })).rejects.toThrow('not this one');
    expect(await readdir(spool)).toEqual([]);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const { spool, file } = await rig();
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(placeInSpool(await file('e.gcode', 'G28'), spool, { check, signal })).rejects.toThrow('interrupted');
    expect(await readdir(spool)).toEqual([]);
  });
});
