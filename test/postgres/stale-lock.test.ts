import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { inspectPostmaster } from '../../src/postgres/inspect-postmaster.js';
import { lookAtProcess } from '../../src/postgres/process-table.js';
import { recordEvents, startedPostgres, preparedDataDir, temporaryFolder } from '../support/postgres-data-directory.js';
import { openClient, query } from '../support/postgres-query.js';

/** Ended at the test's end. */
const startProgram = (command: string, args: string[]): ChildProcess & { pid: number } => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return Object.assign(child, { pid: child.pid });
};

const endedPid = async (): Promise<number> => {
  const child = startProgram('true', []);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid;
};

/** `sleep` takes the place of the shell and never asks how the shell's child has ended. */
const zombiePid = async (): Promise<number> => {
  const child = startProgram('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60']);
  if (!child.stdout) throw new Error('no output');
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) => resolve(Number(line)));
  });
  await vi.waitFor(async () => expect(await lookAtProcess(pid)).toMatchObject({ state: 'Z' }));
  return pid;
};

/** The run's own server: a live Postgres, but on another cluster. */
const otherPostgresPid = async (): Promise<number> => {
  const client = await openClient(inject('postgresUrl'));
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? Number.NaN;
};

const lockText = (pid: number, cluster: string): string =>
  `${pid}\n${cluster}\n1700000000\n5432\n${cluster}/../run\n\n     1     2\nready   \n`;

describe('a lock that a dead server left', () => {
  it.each([
    { what: 'of a pid that is gone', pid: endedPid, reason: /has ended$/ },
    {
      what: 'of a pid that is another program by now',
      pid: () => startProgram('sleep', ['60']).pid,
      reason: /another program \(sleep\)/,
    },
    { what: 'of a zombie', pid: zombiePid, reason: /is a zombie/ },
    { what: 'without a pid, as after a power cut', pid: undefined, reason: /holds no pid/ },
  ])('$what is removed, with a note', async ({ pid, reason }) => {
    const dataDir = await preparedDataDir();
    const cluster = join(dataDir, 'postgres');
    const file = join(cluster, 'postmaster.pid');
    const text = pid ? lockText(await pid(), cluster) : '';
    await writeFile(file, text, { mode: 0o600 });
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const owner = await stat(cluster);
    await chown(file, owner.uid, owner.gid);
    // The socket has a lock of its own, which a power cut leaves as well.
    await writeFile(join(dataDir, 'run', '.s.PGSQL.5432.lock'), text);
    const { events, names, fields } = recordEvents();
    const second = await startedPostgres({ dataDir, events });
    expect(names()).toEqual(['postgres.stale_lock', 'postgres.started']);
    expect(fields('postgres.stale_lock')).toEqual({ file, reason: expect.stringMatching(reason) });
    expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(await readdir(join(dataDir, 'run'))).toEqual([]);
  });
});

describe('inspectPostmaster', () => {
  const nobodyAnswers = (): Promise<undefined> => Promise.resolve(undefined);

  const clusterWith = async (text: string): Promise<string> => {
    const cluster = join(await temporaryFolder(), 'postgres');
    await mkdir(cluster);
    await writeFile(join(cluster, 'postmaster.pid'), text);
    return cluster;
  };

  it('sees that a live Postgres is not the one of this cluster', async () => {
    const pid = process.env['SPOOLGATE_TEST_DATABASE_URL'] ? process.pid : await otherPostgresPid();
    const cluster = await clusterWith(lockText(pid, '/nowhere'));
    expect(await inspectPostmaster(cluster, nobodyAnswers)).toMatchObject({
      kind: 'stale',
      reason: expect.stringContaining('another program'),
    });
  });

  it('knows a server by what its socket answers where its pid says nothing, and will not signal it', async () => {
    const cluster = await clusterWith(lockText(await endedPid(), '/nowhere'));
    const found = await inspectPostmaster(cluster, () => Promise.resolve(cluster));
    expect(found).toMatchObject({ kind: 'live', isSignalable: false });
    const another = await inspectPostmaster(cluster, () => Promise.resolve('/somewhere/else'));
    expect(another).toMatchObject({ kind: 'stale' });
  });

  it('gives a lock that is just being written its time', async () => {
    const cluster = await clusterWith('');
    const found = inspectPostmaster(cluster, nobodyAnswers);
    await writeFile(join(cluster, 'postmaster.pid'), lockText(await endedPid(), cluster));
    expect(await found).toMatchObject({ kind: 'stale', reason: expect.stringContaining('has ended') });
  });

  it('finds nothing where there is no cluster', async () => {
    expect(await inspectPostmaster('/nowhere/at/all', nobodyAnswers)).toEqual({ kind: 'none' });
  });
});
