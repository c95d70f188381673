import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run's folder is named for the process that made it. */
const PREFIX = 'spoolgate-vitest-';

export const makeRunDirectory = async (): Promise<string> => {
  const folder = join(tmpdir(), `${PREFIX}${process.pid}`);
  await mkdir(folder, { recursive: true });
  return folder;
};

/** Ends and removes what runs that were killed have left behind. */
export const removeLeftRuns = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : Number.NaN);
    if (!Number.isInteger(pid) || (pid !== process.pid && isAlive(pid))) continue;
    const folder = join(tmpdir(), name);
    // Another run may just be removing it as well.
    const owner = await stat(folder).catch(() => undefined);
    if (owner && owner.uid === process.getuid?.()) endAtOnce(folder);
  }
};

/** For the moment in which nothing can be awaited any more: the data is worth nothing, so SIGKILL will do. */
export const endAtOnce = (dataDir: string): void => {
  const pid = postmasterPid(dataDir);
  if (pid !== undefined && isPostgres(pid)) process.kill(pid, 'SIGKILL');
  // The server's children may write until they see that it is gone.
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
};

const postmasterPid = (dataDir: string): number | undefined => {
  try {
    return Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
};

const isPostgres = (pid: number): boolean => {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
  } catch {
    return process.platform !== 'linux';
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
