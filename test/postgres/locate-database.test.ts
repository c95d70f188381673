import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { locateDatabase } from '../../src/postgres/locate-database.js';
import { availableBinaries, startedPostgres, temporaryDataDir } from '../support/postgres-data-directory.js';

const flag = 'postgres://a@flag/db';
const variable = 'postgresql://a@env/db';

describe('locateDatabase', () => {
  it('takes --database-url before DATABASE_URL before one of our own', async () => {
    const dataDir = await temporaryDataDir();
    const env = { ...process.env, DATABASE_URL: variable };
    expect(await locateDatabase({ databaseUrl: flag, env, dataDir })).toEqual({
      kind: 'url',
      url: flag,
      from: '--database-url',
    });
    expect(await locateDatabase({ env, dataDir })).toEqual({ kind: 'url', url: variable, from: 'DATABASE_URL' });
    const own = await locateDatabase({ databaseUrl: '', env: { ...process.env, DATABASE_URL: '' }, dataDir });
    expect(own).toEqual({ kind: 'embedded', dataDir, binaries: availableBinaries });
    expect(await readdir(join(dataDir, '..'))).toEqual([]);
  });

  it.each(['mysql://u:secret@h/db', 'host=x password=secret', 'postgres:// u:secret@h/db'])(
    'refuses %s without quoting it',
    async (databaseUrl) => {
      const refused = locateDatabase({ databaseUrl, dataDir: '/nowhere' });
      await expect(refused).rejects.toMatchObject({ code: 'DATABASE_URL_INVALID' });
      await expect(refused).rejects.not.toThrow('secret');
    },
  );
});

describe('a cluster of another major version', () => {
  it('is refused before anything is touched', async () => {
    const dataDir = await temporaryDataDir();
    const cluster = join(dataDir, 'postgres');
    await mkdir(cluster, { recursive: true });
    await writeFile(join(cluster, 'PG_VERSION'), '11\n');
    const refusal = { code: 'POSTGRES_VERSION', detail: expect.stringMatching(/made by Postgres 11, and only \d+/) };
    const env = { ...process.env, DATABASE_URL: '' };
    await expect(locateDatabase({ env, dataDir })).rejects.toMatchObject(refusal);
    await expect(new EmbeddedPostgres({ dataDir }).start()).rejects.toMatchObject(refusal);
    await expect(new EmbeddedPostgres({ dataDir, binaries: availableBinaries }).start()).rejects.toMatchObject(refusal);
    expect(await readdir(cluster)).toEqual(['PG_VERSION']);
    expect(await readFile(join(cluster, 'PG_VERSION'), 'utf8')).toBe('11\n');
  });

  it.runIf(availableBinaries.length > 1)('is run with the binaries that made it, wherever they come from', async () => {
    const dataDir = await temporaryDataDir();
    const last = availableBinaries.at(-1);
    const made = await startedPostgres({ dataDir, binaries: last ? [last] : [] });
    await made.stop();
    const again = await startedPostgres({ dataDir });
    expect(again.version).toBe(made.version);
  });
});

describe('a data directory that cannot be used', () => {
  it.each([
    {
      what: 'a file',
      make: (path: string) => writeFile(path, ''),
      detail: /exist|not a directory|not a folder/i,
    },
    {
      what: "a Postgres's own data directory",
      make: async (path: string) => {
        await mkdir(path);
        await writeFile(join(path, 'PG_VERSION'), '15');
      },
      detail: /is itself the data directory of a Postgres/,
    },
  ])('$what', async ({ make, detail }) => {
    const dataDir = await temporaryDataDir();
    await make(dataDir);
    await expect(new EmbeddedPostgres({ dataDir }).start()).rejects.toMatchObject({
      code: 'POSTGRES_DATA_DIRECTORY',
      detail: expect.stringMatching(detail),
    });
  });

  it('a place where nothing can be made', async () => {
    await expect(new EmbeddedPostgres({ dataDir: '/proc/spoolgate' }).start()).rejects.toMatchObject({
      code: 'POSTGRES_DATA_DIRECTORY',
      detail: expect.stringContaining('/proc/spoolgate'),
    });
  });
});
