import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { isRunning } from '../../src/postgres/process-table.js';
import { removeDataDirectory } from '../../src/postgres/remove-data-directory.js';
import {
  availableBinaries,
  recordEvents,
  startedPostgres,
  temporaryDataDir,
} from '../support/postgres-data-directory.js';
import { query } from '../support/postgres-query.js';

const settings = `
  SELECT current_user AS "user", current_setting('fsync') AS fsync, current_setting('data_checksums') AS checksums,
         current_setting('listen_addresses') AS addresses, current_setting('server_encoding') AS encoding,
         current_setting('synchronous_commit') AS commits,
         (SELECT datcollate FROM pg_database WHERE datname = 'spoolgate') AS collation,
         (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super`;

describe.each(availableBinaries.map((binaries) => ({ name: `${binaries.origin} ${binaries.version}`, binaries })))(
  'EmbeddedPostgres with $name',
  ({ binaries }) => {
    it('makes a durable cluster, keeps its rows over a restart, and leaves nothing running', async () => {
      const dataDir = await temporaryDataDir();
      const first = recordEvents();
      const one = await startedPostgres({ dataDir, binaries: [binaries], events: first.events });
      expect(first.names()).toEqual(['postgres.initialized', 'postgres.started']);
      expect(one.version).toBe(binaries.version);
      expect(one.isAdopted).toBe(false);
      expect(await query(one.connectionString, settings)).toEqual([
        {
          user: 'spoolgate',
          fsync: 'on',
          checksums: 'on',
          addresses: '',
          encoding: 'UTF8',
          commits: 'on',
          collation: 'C',
          super: false,
        },
      ]);
      await query(one.connectionString, 'CREATE TABLE jobs AS SELECT 7 AS id');
      const { pid } = one;
      await Promise.all([one.stop(), one.stop()]);
      expect(first.names().at(-1)).toBe('postgres.stopped');
      expect(first.fields('postgres.stopped')).toMatchObject({ pid, how: 'fast' });
      expect(await isRunning(pid)).toBe(false);
      expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
      expect(await readdir(join(dataDir, 'run'))).toEqual([]);
      await expect(one.start()).rejects.toThrow('does not start again');

      const second = recordEvents();
      const two = await startedPostgres({ dataDir, binaries: [binaries], events: second.events });
      expect(second.names()).toEqual(['postgres.started']);
      expect(await query(two.connectionString, 'SELECT id FROM jobs')).toEqual([{ id: 7 }]);
      await two.stop();
      await removeDataDirectory(dataDir);
      expect(existsSync(dataDir)).toBe(false);
    });
  },
);

describe('EmbeddedPostgres', () => {
  it('lets nobody but its own user at the data and the socket, and runs in a session of its own', async () => {
    const dataDir = await temporaryDataDir();
    const postgres = await startedPostgres({ dataDir });
    const cluster = await stat(join(dataDir, 'postgres'));
    expect(cluster.mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'run'))).mode & 0o777).toBe(0o700);
    expect((await stat(postgres.logFile)).mode & 0o777).toBe(0o600);
    expect(cluster.uid).not.toBe(0);
    // proc(5): the fields after the name are state, parent, process group, session.
    const fields = (await readFile(`/proc/${postgres.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
    expect(fields?.[3]).toBe(String(postgres.pid));
  });

  it('says that it has not been started, and stops without a start', async () => {
    const postgres = new EmbeddedPostgres({ dataDir: await temporaryDataDir() });
    expect(() => postgres.connectionString).toThrow('has not been started');
    await postgres.stop();
  });

  it('quotes the last log lines of a server that does not start, and leaves no lock', async () => {
    const dataDir = await temporaryDataDir();
    const postgres = new EmbeddedPostgres({ dataDir, settings: { no_such_setting: 'x' } });
    await expect(postgres.start()).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      detail: expect.stringMatching(/exit code 1[^]*unrecognized configuration parameter "no_such_setting"/),
    });
    await postgres.stop();
    const names = await readdir(dataDir);
    expect(names).not.toContain('start.lock');
    // The cluster was made and is good: the next start is not the first.
    const next = recordEvents();
    await startedPostgres({ dataDir, events: next.events });
    expect(next.names()).toEqual(['postgres.started']);
  });

  it('a stop cuts a start short, and no process is left', async () => {
    const dataDir = await temporaryDataDir();
    const postgres = new EmbeddedPostgres({ dataDir });
    const started = postgres.start();
    started.catch(() => undefined);
    await postgres.stop();
    await expect(started).rejects.toMatchObject({ code: 'POSTGRES_START_FAILED' });
    expect((await readdir(dataDir)).filter((name) => /lock|new-/.test(name))).toEqual([]);
  });

  it('puts the socket into a short folder where the path is too long for one', async () => {
    const dataDir = await temporaryDataDir('long'.repeat(25));
    const postgres = await startedPostgres({ dataDir });
    const url = postgres.connectionString;
    const folder = decodeURIComponent(/host=([^&]*)/.exec(url)?.[1] ?? '');
    expect(folder.startsWith(dataDir)).toBe(false);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    expect(existsSync(folder)).toBe(false);
    const again = await startedPostgres({ dataDir });
    expect(again.connectionString).toBe(url);
  });

  it('works in a data directory with blanks and quotes in its name', async () => {
    const dataDir = await temporaryDataDir(`it's "my" ünï % dir`);
    const postgres = await startedPostgres({ dataDir });
    expect(await query(postgres.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
