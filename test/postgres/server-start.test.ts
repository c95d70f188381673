import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../src/events/event-bus.js';
import { adoptPostmaster } from '../../src/postgres/adopt-postmaster.js';
import { awaitReady } from '../../src/postgres/await-ready.js';
import { dataLayout } from '../../src/postgres/data-layout.js';
import { judgeProcess } from '../../src/postgres/inspect-postmaster.js';
import { Keeper } from '../../src/postgres/keeper.js';
import { launchPostmaster } from '../../src/postgres/launch-postmaster.js';
import { prepareBinaries } from '../../src/postgres/prepare-binaries.js';
import { isRunning } from '../../src/postgres/process-table.js';
import { runProgram } from '../../src/postgres/run-program.js';
import { serverEnvironment } from '../../src/postgres/server-environment.js';
import { tcpPassword } from '../../src/postgres/tcp-password.js';
import { preparedDataDir, recordEvents, startedPostgres, temporaryFolder } from '../support/postgres-data-directory.js';
import { query } from '../support/postgres-query.js';

const { signal } = new AbortController();

describe('starting the server', () => {
  it('turns what cannot be spawned into an error that is caught', async () => {
    const layout = dataLayout(await temporaryFolder());
    const binaries = {
      binDir: '/nowhere',
      version: '18.1',
      major: 18,
      origin: 'forced',
      packagedIn: undefined,
    } as const;
    const launched = launchPostmaster({
      layout,
      binaries,
      user: undefined,
      socketDir: layout.sockets,
      listenTcp: undefined,
      settings: {},
      signal,
    });
    await expect(launched).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      detail: expect.stringContaining('ENOENT'),
    });
    expect(await runProgram('/nowhere', [], { timeoutMs: 1_000 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('ENOENT'),
    });
  });

  it('names each candidate that does not run, and why', async () => {
    const binDir = join(await temporaryFolder(), 'bin');
    await mkdir(binDir);
    await writeFile(join(binDir, 'postgres'), '#!/bin/sh\necho "libicu is missing" >&2\nexit 127\n', { mode: 0o755 });
    const candidate = { binDir, version: '18.1', major: 18, origin: 'path', packagedIn: undefined } as const;
    const prepared = prepareBinaries([candidate], { user: undefined, copies: '/nowhere', events: new EventBus() });
    await expect(prepared).rejects.toMatchObject({
      code: 'POSTGRES_NOT_FOUND',
      detail: `${binDir}: exit code 127: libicu is missing`,
    });
  });

  it('gives up on a server that is there and says nothing, and on one that has ended', async () => {
    const nowhere = await temporaryFolder();
    const silent = awaitReady(nowhere, 5432, { isAlive: () => true, signal, silenceMs: 40 });
    await expect(silent).rejects.toThrow(/no answer for 0 s: connect ENOENT/);
    expect(await awaitReady(nowhere, 5432, { isAlive: () => false, signal, silenceMs: 40 })).toBeUndefined();
  });

  it('hands neither secrets nor PG variables of our environment to the server', () => {
    const env = { PATH: '/bin', PGDATA: '/x', PGPORT: '1', SECRET: 's', LC_ALL: 'de_DE', LD_LIBRARY_PATH: '/lib' };
    expect(serverEnvironment(env)).toEqual({
      PATH: '/bin',
      LD_LIBRARY_PATH: '/lib',
      LC_ALL: 'C',
      LANG: 'C',
      TZ: 'UTC',
    });
  });
});

describe('a server that runs already', () => {
  it('is of no use without a Unix socket', async () => {
    const live = {
      kind: 'live',
      pid: process.pid,
      port: 5432,
      socketDir: undefined,
      listenAddress: '*',
      startTicks: undefined,
      isSignalable: true,
    } as const;
    await expect(adoptPostmaster(live, { cluster: '/c', listenTcp: undefined, signal })).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      detail: `process ${process.pid} already runs on /c and has no Unix socket; stop it first`,
    });
  });

  it.each([
    { what: 'by its working directory', change: {}, verdict: 'ours' },
    {
      what: 'by its command line where a container hides the directory',
      change: { workingDirectory: undefined },
      verdict: 'ours',
    },
    { what: 'not by another directory', change: { workingDirectory: '/' }, verdict: 'other' },
    {
      what: 'not by another command line',
      change: { workingDirectory: undefined, args: ['postgres', '-D', '/'] },
      verdict: 'other',
    },
    {
      what: 'not with neither',
      change: { workingDirectory: undefined, args: ['postgres: writer'] },
      verdict: 'unclear',
    },
    { what: 'not by another name', change: { name: 'vi' }, verdict: 'other' },
    { what: 'not when it has ended', change: { state: 'Z' }, verdict: 'zombie' },
  ])('is known $what', async ({ change, verdict }) => {
    const cluster = await temporaryFolder();
    const facts = {
      name: 'postgres',
      state: 'S',
      startTicks: '1',
      uid: 1,
      args: ['/usr/bin/postgres', '-D', cluster],
      workingDirectory: cluster,
    };
    expect(await judgeProcess({ ...facts, ...change }, cluster)).toBe(verdict);
  });

  it('is stopped although our own connection to it was just cut', async () => {
    const { events, names } = recordEvents();
    const postgres = await startedPostgres({ dataDir: await preparedDataDir(), events });
    const { pid } = postgres;
    await query(
      postgres.adminConnectionString,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'spoolgate keeper'`,
    );
    await postgres.stop();
    expect(names().at(-1)).toBe('postgres.stopped');
    expect(await isRunning(pid)).toBe(false);
  });

  it('gets one role and one database from all who want them at once', async () => {
    const dataDir = await preparedDataDir();
    await startedPostgres({ dataDir });
    const keepers = await Promise.all([1, 2, 3].map(() => Keeper.connect(join(dataDir, 'run'), 5432)));
    await Promise.all(keepers.map((keeper) => keeper.ensureDatabase('r"o\'le', 'data base')));
    await Promise.all(keepers.map((keeper) => keeper.close()));
  });
});

describe('tcpPassword', () => {
  it('is one for all who ask first at once, in a private file', async () => {
    const file = join(await temporaryFolder(), 'password');
    const got = await Promise.all([1, 2, 3, 4].map(() => tcpPassword(file)));
    expect(new Set(got).size).toBe(1);
    expect(got[0]).toMatch(/^[\w-]{32}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(tcpPassword(join(file, '..'))).rejects.toThrow('EISDIR');
  });
});
