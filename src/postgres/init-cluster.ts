import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { makePrivateFolder, removeLeftovers } from './data-directory.js';
import type { DataLayout } from './data-layout.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { runProgram } from './run-program.js';
import { serverEnvironment } from './server-environment.js';
import { ADMIN_USER } from './server-settings.js';
import type { ServerUser } from './server-user.js';

/** Major version of the cluster; undefined when there is none yet. */
export const clusterMajor = async ({ cluster }: DataLayout): Promise<number | undefined> => {
  const text = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '');
  const major = Number.parseInt(text, 10);
  return Number.isNaN(major) ? undefined : major;
};

/**
 * Makes an empty cluster beside its place and moves it there when it is whole and on the disk, so that a power cut leaves either none
 * or a good one. The caller holds the start lock.
 * @throws SpoolgateError POSTGRES_START_FAILED, quoting initdb.
 */
export const initCluster = async (
  layout: DataLayout,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  signal: AbortSignal,
): Promise<void> => {
  await removeLeftovers(layout.dataDir, 'postgres.new-');
  const draft = join(layout.dataDir, `postgres.new-${process.pid}`);
  await makePrivateFolder(draft, user);
  // Byte order is the collation either way: indexes then never depend on the system's libc, whose locales change between releases.
  const locale =
    binaries.major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C'];
  const made = await runProgram(
    join(binaries.binDir, 'initdb'),
    ['-D', draft, '-U', ADMIN_USER, '-E', 'UTF8', ...locale, '--data-checksums', '--auth=trust'],
    { user, env: serverEnvironment(), timeoutMs: 600_000, signal },
  );
  if (!made.ok) {
    await rm(draft, { recursive: true, force: true });
    throw new SpoolgateError('POSTGRES_START_FAILED', {
      detail: `initdb: ${made.reason}\n${made.output.trim().split('\n').slice(-6).join('\n')}`,
    });
  }
  await rename(draft, layout.cluster);
  const folder = await open(layout.dataDir);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
