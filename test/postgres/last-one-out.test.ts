import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { dataLayout } from '../../src/postgres/data-layout.js';
import { isRunning } from '../../src/postgres/process-table.js';
import { removeDataDirectory } from '../../src/postgres/remove-data-directory.js';
import { serverArguments } from '../../src/postgres/server-settings.js';
import { serverUser } from '../../src/postgres/server-user.js';
import {
  availableBinaries,
  recordEvents,
  startedPostgres,
  preparedDataDir,
  temporaryDataDir,
} from '../support/postgres-data-directory.js';
import { spawnPostgresProcess } from '../support/postgres-process.js';
import { openClient, query } from '../support/postgres-query.js';

describe('the last one out', () => {
  it('stops the server, whoever started it', async () => {
    const dataDir = await preparedDataDir();
    const [first, second] = [recordEvents(), recordEvents()];
    const one = await startedPostgres({ dataDir, events: first.events });
    const two = await startedPostgres({ dataDir, events: second.events });
    expect(two.isAdopted).toBe(true);
    expect(two.pid).toBe(one.pid);
    const { pid } = two;
    await one.stop();
    expect(first.names().at(-1)).toBe('postgres.left_running');
    expect(first.fields('postgres.left_running')).toMatchObject({ pid, clients: 1 });
    expect(await query(two.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(removeDataDirectory(dataDir)).rejects.toMatchObject({ code: 'POSTGRES_DATA_DIRECTORY' });
    await two.stop();
    expect(second.names()).toEqual(['postgres.adopted', 'postgres.stopped']);
    expect(await isRunning(pid)).toBe(false);
  });

  it('is one of them when all leave at once', async () => {
    const dataDir = await preparedDataDir();
    const all = [recordEvents(), recordEvents(), recordEvents()];
    const servers = [];
    for (const { events } of all) servers.push(await startedPostgres({ dataDir, events }));
    const pid = servers[0]?.pid ?? 0;
    await Promise.all(servers.map((server) => server.stop()));
    expect(await isRunning(pid)).toBe(false);
    const last = all.map(({ names }) => names().at(-1));
    expect(last.filter((name) => name === 'postgres.stopped')).toHaveLength(1);
    expect(last.filter((name) => name === 'postgres.left_running')).toHaveLength(2);
  });

  it('leaves a server to a client that is not ours', async () => {
    const dataDir = await preparedDataDir();
    const one = await startedPostgres({ dataDir });
    const client = await openClient(one.connectionString);
    await one.stop();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    const two = await startedPostgres({ dataDir });
    expect(two.isAdopted).toBe(true);
  });

  it('does not count where the server is exclusive', async () => {
    const dataDir = await preparedDataDir();
    const { events, names } = recordEvents();
    const postgres = await startedPostgres({ dataDir, exclusive: true, events });
    const { pid } = postgres;
    await openClient(postgres.connectionString);
    await postgres.stop();
    expect(names().at(-1)).toBe('postgres.stopped');
    expect(await isRunning(pid)).toBe(false);
  });
});

describe('starting at once', () => {
  it('makes one server for three processes, and one cluster', async () => {
    const dataDir = await temporaryDataDir();
    const all = [1, 2, 3].map(() => spawnPostgresProcess({ dataDir }));
    const ready = await Promise.all(all.map((one) => one.ready));
    expect(new Set(ready.map(({ pid }) => pid)).size).toBe(1);
    expect(ready.filter(({ isAdopted }) => isAdopted)).toHaveLength(2);
    const said = all.flatMap((one) => one.said.map(({ event }) => event));
    expect(said.filter((event) => event === 'postgres.initialized')).toHaveLength(1);
    await Promise.all(all.map((one) => one.stop()));
    expect(await isRunning(ready[0]?.pid ?? 0)).toBe(false);
  });

  it('makes one restart for all who saw the server die', async () => {
    const dataDir = await preparedDataDir();
    const all = [recordEvents(), recordEvents()];
    const servers = [];
    for (const { events } of all) servers.push(await startedPostgres({ dataDir, events }));
    const restarted = all.map(({ upcoming }) => upcoming('postgres.restarted'));
    process.kill(servers[0]?.pid ?? 0, 'SIGKILL');
    await Promise.all(restarted);
    expect(servers[0]?.pid).toBe(servers[1]?.pid);
    const started = all.flatMap(({ names }) => names().filter((name) => name === 'postgres.started'));
    expect(started).toHaveLength(2);
  });
});

describe('adopting', () => {
  it('takes over a server that somebody else started on the cluster', async () => {
    const dataDir = await preparedDataDir();
    const socketDir = join(dataDir, 'run');
    const first = await startedPostgres({ dataDir });
    await first.stop();
    const binaries = availableBinaries[0];
    if (!binaries) throw new Error('no Postgres');
    const layout = dataLayout(dataDir);
    const args = serverArguments({ layout, socketDir, major: binaries.major, listenTcp: undefined, settings: {} });
    const user = await serverUser(layout);
    const child = spawn(join(binaries.binDir, 'postgres'), args, {
      cwd: '/',
      stdio: 'ignore',
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(() => void child.kill('SIGKILL'));
    // It is still starting: its lock is there, its socket not yet.
    await vi.waitFor(() => stat(join(dataDir, 'postgres', 'postmaster.pid')), { interval: 2 });
    const second = await startedPostgres({ dataDir });
    expect(second.pid).toBe(child.pid);
    expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
    await exited;
  });
});
