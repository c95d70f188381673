import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { preparedDataDir, recordEvents, startedPostgres } from '../support/postgres-data-directory.js';
import { openClient, query } from '../support/postgres-query.js';

/** A port that nobody listens on, and the way to keep it taken. */
const takePort = async (): Promise<{ port: number; release: () => Promise<void> }> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const release = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  onTestFinished(release);
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, release };
};

const freePort = async (): Promise<number> => {
  const { port, release } = await takePort();
  await release();
  return port;
};

describe('TCP', () => {
  it('is open to the application with the password in the private file, and to nobody else', async () => {
    const dataDir = await preparedDataDir();
    const listenTcp = { host: '127.0.0.1', port: await freePort() };
    const postgres = await startedPostgres({ dataDir, listenTcp });
    const url = postgres.tcpConnectionString ?? '';
    expect(await query(url, 'SELECT current_user AS name')).toEqual([{ name: 'spoolgate' }]);
    const file = join(dataDir, 'postgres-password');
    const password = (await readFile(file, 'utf8')).trim();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(url).toBe(`postgresql://spoolgate:${password}@127.0.0.1:${listenTcp.port}/spoolgate`);
    expect(await readFile(postgres.logFile, 'utf8')).not.toContain(password);
    for (const wrong of [url.replace(password, 'guess'), url.replace('//spoolgate:', '//postgres:')])
      await expect(new pg.Client({ connectionString: wrong }).connect()).rejects.toMatchObject({
        code: expect.stringMatching(/^28/),
      });
    expect(await query(postgres.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    const again = await startedPostgres({ dataDir, listenTcp: { host: '*', port: listenTcp.port } });
    expect(again.tcpConnectionString).toContain(`:${password}@`);
    expect(again.tcpConnectionString).not.toContain('*');
  });

  it('quotes Postgres when the port is taken', async () => {
    const { port } = await takePort();
    const postgres = new EmbeddedPostgres({
      dataDir: await preparedDataDir(),
      listenTcp: { host: '127.0.0.1', port },
    });
    await expect(postgres.start()).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      detail: expect.stringContaining('Address already in use'),
    });
  });

  it('restarts a server that nobody uses to open the port, and refuses where somebody does', async () => {
    const dataDir = await preparedDataDir();
    const listenTcp = { host: '127.0.0.1', port: await freePort() };
    const without = await startedPostgres({ dataDir, restart: false });
    const client = await openClient(without.connectionString);
    await expect(new EmbeddedPostgres({ dataDir, listenTcp }).start()).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      detail: expect.stringMatching(/without TCP on port \d+, and 2 clients are connected/),
    });
    // The client keeps the server up over its owner's stop, as a process that was killed would leave it.
    await without.stop();
    await client.end();
    const { events, names } = recordEvents();
    const postgres = await startedPostgres({ dataDir, listenTcp, events });
    expect(names()).toContain('postgres.started');
    expect(await query(postgres.tcpConnectionString ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each([
    { host: '', port: 5432 },
    { host: '127.0.0.1', port: 0 },
    { host: 'x', port: 70_000 },
  ])('refuses the address %o', (listenTcp) => {
    expect(() => new EmbeddedPostgres({ dataDir: '/nowhere', listenTcp })).toThrow(/USAGE.*TCP address/s);
  });
});
