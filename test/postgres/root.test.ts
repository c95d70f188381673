import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { blockedOnTheWay } from '../../src/postgres/path-access.js';
import { isRunning, lookAtProcess } from '../../src/postgres/process-table.js';
import { serverUser } from '../../src/postgres/server-user.js';
import { startedPostgres, temporaryDataDir, temporaryFolder } from '../support/postgres-data-directory.js';
import { spawnPostgresProcess } from '../support/postgres-process.js';
import { query } from '../support/postgres-query.js';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534, name: 'nobody' };
const repository = fileURLToPath(new URL('../..', import.meta.url));
const isReadableForNobody =
  isRoot && !(await blockedOnTheWay(repository, nobody)) && !(await blockedOnTheWay(dirname(process.execPath), nobody));

// An ordinary user's run of the whole suite is the other half of this file.
describe.runIf(isRoot)('under root', () => {
  it('runs the server as another user, and keeps for root what the server need not write', async () => {
    const dataDir = await temporaryDataDir();
    const postgres = await startedPostgres({ dataDir });
    const look = await lookAtProcess(postgres.pid);
    const cluster = await stat(join(dataDir, 'postgres'));
    expect(look).toMatchObject({ uid: cluster.uid });
    expect(cluster.uid).not.toBe(0);
    for (const name of ['', 'postgresql.conf', 'pg_hba.conf', 'postgres.log'])
      expect((await stat(join(dataDir, name))).uid).toBe(0);
  });

  it('goes on as the user who owns the data, and takes a cluster back that root copied', async () => {
    const dataDir = await temporaryDataDir();
    await mkdir(dataDir);
    await chown(dataDir, nobody.uid, nobody.gid);
    const first = await startedPostgres({ dataDir });
    expect(await lookAtProcess(first.pid)).toMatchObject({ uid: nobody.uid });
    await first.stop();
    const cluster = join(dataDir, 'postgres');
    await chown(cluster, 0, 0);
    await chmod(cluster, 0o755);
    const second = await startedPostgres({ dataDir });
    expect(await lookAtProcess(second.pid)).toMatchObject({ uid: nobody.uid });
    expect((await stat(cluster)).mode & 0o777).toBe(0o700);
  });

  it('opens its own data directory for the server, but no folder above it', async () => {
    const closed = await temporaryFolder();
    const dataDir = join(closed, 'data');
    await mkdir(dataDir, { mode: 0o700 });
    await chmod(closed, 0o700);
    await expect(new EmbeddedPostgres({ dataDir }).start()).rejects.toMatchObject({
      code: 'POSTGRES_DATA_DIRECTORY',
      detail: expect.stringMatching(
        new RegExp(`${closed} \\(mode 700\\) does not let through.*chmod o\\+x ${closed}$`),
      ),
    });
    await chmod(closed, 0o755);
    await chmod(dataDir, 0o700);
    await startedPostgres({ dataDir });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
  });

  it.runIf(isReadableForNobody)('an ordinary user runs it as that user', async () => {
    const home = await temporaryFolder();
    await chown(home, nobody.uid, nobody.gid);
    const dataDir = join(home, 'data');
    const other = spawnPostgresProcess({ dataDir }, nobody);
    const { pid, url } = await other.ready;
    expect(await lookAtProcess(pid)).toMatchObject({ uid: nobody.uid });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await other.stop();
    expect(await isRunning(pid)).toBe(false);
  });
});

describe('serverUser', () => {
  const passwd = join(import.meta.dirname, '../support/postgres-passwd.txt');
  const of = (dataDir: string, passwdFile = passwd) =>
    serverUser({ dataDir, cluster: join(dataDir, 'postgres') }, { uid: 0, passwdFile });

  it('is nobody else for an ordinary user', async () => {
    expect(await serverUser({ dataDir: '/', cluster: '/none' }, { uid: 1000 })).toBeUndefined();
    expect(await serverUser({ dataDir: '/', cluster: '/none' }, { uid: undefined })).toBeUndefined();
  });

  it('is spoolgate before postgres before nobody, and never one with the id of root', async () => {
    expect(await readFile(passwd, 'utf8')).toContain('spoolgate:x:0:0');
    expect(await of('/nowhere')).toEqual({ uid: 104, gid: 110, name: 'postgres' });
  });

  it('says so where the system knows none', async () => {
    await expect(of('/nowhere', '/nowhere/passwd')).rejects.toMatchObject({
      code: 'POSTGRES_DATA_DIRECTORY',
      detail: expect.stringContaining('none of the users spoolgate, postgres and nobody exists'),
    });
  });

  it.runIf(isRoot)('is the owner of the cluster, even one without a name', async () => {
    const dataDir = await temporaryFolder();
    await chown(dataDir, 1234, 1235);
    // initdb insists on a name.
    expect(await of(dataDir)).toMatchObject({ name: 'postgres' });
    await chown(dataDir, 1000, 1000);
    expect(await of(dataDir)).toEqual({ uid: 1000, gid: 1001, name: 'pi' });
    const cluster = join(dataDir, 'postgres');
    await mkdir(cluster);
    await chown(cluster, 1234, 1235);
    expect(await of(dataDir)).toEqual({ uid: 1234, gid: 1235, name: '1234' });
  });
});
