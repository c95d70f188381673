import { describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../src/postgres/process-table.js';
import {
  availableBinaries,
  recordEvents,
  startedPostgres,
  preparedDataDir,
  temporaryDataDir,
} from '../support/postgres-data-directory.js';
import { spawnPostgresProcess } from '../support/postgres-process.js';
import { openClient, query } from '../support/postgres-query.js';

describe.each(availableBinaries.map((binaries) => ({ name: `${binaries.origin} ${binaries.version}`, binaries })))(
  'restart with $name',
  ({ binaries }) => {
    it('starts a killed server again at the same address, with every committed row', async () => {
      const { events, upcoming, names, fields } = recordEvents();
      const postgres = await startedPostgres({ dataDir: await temporaryDataDir(), binaries: [binaries], events });
      const { connectionString, pid } = postgres;
      await query(connectionString, 'CREATE TABLE jobs AS SELECT 7 AS id');
      const restarted = upcoming('postgres.restarted');
      process.kill(pid, 'SIGKILL');
      await restarted;
      expect(names()).toEqual(expect.arrayContaining(['postgres.died', 'postgres.stale_lock', 'postgres.restarted']));
      expect(fields('postgres.died')).toMatchObject({ pid });
      expect(postgres.pid).not.toBe(pid);
      expect(postgres.connectionString).toBe(connectionString);
      expect(await query(connectionString, 'SELECT id FROM jobs')).toEqual([{ id: 7 }]);
    });
  },
);

describe('restart', () => {
  it('leaves a dead server alone where restart is off, and stop is then nothing to do', async () => {
    const { events, names, upcoming } = recordEvents();
    const postgres = await startedPostgres({ dataDir: await preparedDataDir(), restart: false, events });
    const died = upcoming('postgres.died');
    process.kill(postgres.pid, 'SIGKILL');
    await died;
    await postgres.stop();
    expect(names()).toEqual(['postgres.started', 'postgres.died']);
  });

  it('a crashed backend is not a dead server: the same one goes on and is stopped in the end', async () => {
    const { events, names } = recordEvents();
    const postgres = await startedPostgres({ dataDir: await preparedDataDir(), events });
    const { pid } = postgres;
    const client = await openClient(postgres.connectionString);
    const cut = new Promise((resolve) => client.once('end', resolve));
    const [row] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    process.kill(row?.pid ?? 0, 'SIGKILL');
    await cut;
    // The keeper connects again by itself: the server is not empty of our own connections.
    await vi.waitFor(async () => {
      const rows = await query(postgres.adminConnectionString, keepers);
      expect(rows).toEqual([{ keepers: 1 }]);
    }, 10_000);
    expect(postgres.pid).toBe(pid);
    await postgres.stop();
    expect(names()).not.toContain('postgres.died');
    expect(names().at(-1)).toBe('postgres.stopped');
    expect(await isRunning(pid)).toBe(false);
  });

  it('a stop right after a crash is quick, though a fast shutdown hangs amid the recovery', async () => {
    const { events, fields } = recordEvents();
    const postgres = await startedPostgres({ dataDir: await preparedDataDir(), events });
    const { pid } = postgres;
    const client = await openClient(postgres.connectionString);
    const cut = new Promise((resolve) => client.once('end', resolve));
    const [row] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    process.kill(row?.pid ?? 0, 'SIGKILL');
    await cut;
    await postgres.stop();
    expect(fields('postgres.stopped')?.['tookMs']).toBeLessThan(10_000);
    expect(await isRunning(pid)).toBe(false);
  });

  it('outlives its owner being killed, and the next start adopts and in the end stops it', async () => {
    const dataDir = await preparedDataDir();
    const owner = spawnPostgresProcess({ dataDir });
    const { pid, url } = await owner.ready;
    await query(url, 'CREATE TABLE jobs AS SELECT 7 AS id');
    const dead = new Promise((resolve) => owner.child.once('exit', resolve));
    owner.child.kill('SIGKILL');
    await dead;
    const { events, names, fields } = recordEvents();
    const next = await startedPostgres({ dataDir, events });
    expect(next.isAdopted).toBe(true);
    expect(next.pid).toBe(pid);
    expect(await query(next.connectionString, 'SELECT id FROM jobs')).toEqual([{ id: 7 }]);
    await next.stop();
    expect(names()).toEqual(['postgres.adopted', 'postgres.stopped']);
    expect(fields('postgres.stopped')).toMatchObject({ how: 'fast' });
    expect(await isRunning(pid)).toBe(false);
  });

  it('tries again, with longer and longer pauses, while the server cannot start', async () => {
    const { events, upcoming, fields } = recordEvents();
    const dataDir = await preparedDataDir();
    // The caller's object is read at each start: the way to break a start and mend it later.
    const settings: Record<string, string> = {};
    const postgres = await startedPostgres({ dataDir, settings, events });
    settings['no_such_setting'] = '1';
    const failedTwice = upcoming('postgres.restart_failed').then(() => upcoming('postgres.restart_failed'));
    process.kill(postgres.pid, 'SIGKILL');
    await failedTwice;
    expect(fields('postgres.restart_failed')).toMatchObject({
      attempt: 2,
      error: expect.stringContaining('no_such_setting'),
    });
    const restarted = upcoming('postgres.restarted');
    delete settings['no_such_setting'];
    await restarted;
    expect(await query(postgres.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

const keepers = `SELECT count(*)::int AS keepers FROM pg_stat_activity WHERE application_name = 'spoolgate keeper'`;
