import { chown, mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataLayout } from '../../src/postgres/data-layout.js';
import { makeSocketDirectory, removeSocketDirectory } from '../../src/postgres/socket-directory.js';
import { temporaryFolder } from '../support/postgres-data-directory.js';

const long = dataLayout(`/${'x'.repeat(120)}`);

describe('makeSocketDirectory', () => {
  it('is the same short, private folder each time where the data directory has a long path', async () => {
    const temporary = await temporaryFolder();
    const one = await makeSocketDirectory(long, 5432, undefined, temporary);
    expect(one.startsWith(join(temporary, 'spoolgate-'))).toBe(true);
    expect((await stat(one)).mode & 0o777).toBe(0o700);
    expect(await makeSocketDirectory(long, 5432, undefined, temporary)).toBe(one);
    expect(await makeSocketDirectory(dataLayout(`/${'y'.repeat(120)}`), 5432, undefined, temporary)).not.toBe(one);
    await removeSocketDirectory(long, one);
    await expect(stat(one)).rejects.toThrow('ENOENT');
  });

  it('shuns a link that somebody else has laid there', async () => {
    const temporary = await temporaryFolder();
    const expected = await makeSocketDirectory(long, 5432, undefined, temporary);
    await removeSocketDirectory(long, expected);
    const trap = join(temporary, 'trap');
    await mkdir(trap);
    await symlink(trap, expected);
    const got = await makeSocketDirectory(long, 5432, undefined, temporary);
    expect(got.startsWith(`${expected}-`)).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('shuns a folder that is of another user', async () => {
    const temporary = await temporaryFolder();
    const expected = await makeSocketDirectory(long, 5432, undefined, temporary);
    await chown(expected, 1234, 1234);
    expect(await makeSocketDirectory(long, 5432, undefined, temporary)).not.toBe(expected);
  });

  it('falls back to /tmp where even the temporary folder has a long path', async () => {
    const temporary = `/${'t'.repeat(120)}`;
    const got = await makeSocketDirectory(long, 5432, undefined, temporary);
    expect(got.startsWith('/tmp/spoolgate-')).toBe(true);
    await removeSocketDirectory(long, got);
  });
});
