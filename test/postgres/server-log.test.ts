import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundServerLog, lastLogLines, logSize } from '../../src/postgres/server-log.js';
import { temporaryFolder } from '../support/postgres-data-directory.js';

describe('the server log', () => {
  it('is cut when it is full, and the older half kept', async () => {
    const file = join(await temporaryFolder(), 'postgres.log');
    await boundServerLog(file, 10);
    await writeFile(file, '0123456789');
    await boundServerLog(file, 10);
    expect(await logSize(file)).toBe(10);
    await appendFile(file, 'x');
    await boundServerLog(file, 10);
    expect(await logSize(file)).toBe(0);
    expect(await readFile(`${file}.1`, 'utf8')).toBe('0123456789x');
    // The server holds it open, so it must be the same file still.
    await appendFile(file, 'more');
    expect((await stat(file)).size).toBe(4);
  });

  it('is quoted by its last lines, none of them older than asked for', async () => {
    const file = join(await temporaryFolder(), 'postgres.log');
    expect(await lastLogLines(file, 0)).toEqual([]);
    await writeFile(file, 'of yesterday\n');
    const offset = await logSize(file);
    expect(await lastLogLines(file, offset)).toEqual([]);
    await appendFile(file, `${'x'.repeat(20_000)}\none\n\ntwo\nthree\n`);
    expect(await lastLogLines(file, offset, 2)).toEqual(['two', 'three']);
  });
});
