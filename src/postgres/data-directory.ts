import { access, chmod, chown, constants, lchown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import type { DataLayout } from './data-layout.js';
import { blockedOnTheWay } from './path-access.js';
import type { ServerUser } from './server-user.js';

const octal = (mode: number): string => mode.toString(8).padStart(3, '0');
const unusable = (detail: string, cause?: unknown): SpoolgateError =>
  new SpoolgateError('POSTGRES_DATA_DIRECTORY', { detail, cause });

/** Makes the data directory where it is missing. @throws SpoolgateError POSTGRES_DATA_DIRECTORY, saying why it cannot be used. */
export const makeDataDirectory = async ({ dataDir }: DataLayout): Promise<void> => {
  const mode = process.getuid?.() === 0 ? 0o755 : 0o700;
  try {
    // The umask may have taken bits away that the server's user needs.
    if (await makeFolders(dataDir, mode)) await chmod(dataDir, mode);
    if (!(await stat(dataDir)).isDirectory()) throw new Error('it is not a folder');
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(`${dataDir}: ${errorText(error)}`, error);
  }
  if (await exists(join(dataDir, 'PG_VERSION')))
    throw unusable(`${dataDir} is itself the data directory of a Postgres; name a folder of Spoolgate's own`);
};

/** Whether it was made. Not by `recursive`: Node 20 then tries for ever where the kernel lets nothing be made, as in /proc. */
const makeFolders = async (path: string, mode: number): Promise<boolean> => {
  const make = (): Promise<boolean> => mkdir(path, { mode }).then(() => true);
  const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
  try {
    return await make();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
  }
  await makeFolders(dirname(path), mode);
  return make().catch((error: unknown) => {
    // Another process was at it as well.
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  });
};

/**
 * Gives the server's user what is the server's, and checks that it can get there.
 * @throws SpoolgateError POSTGRES_DATA_DIRECTORY.
 */
export const grantDataDirectory = async (layout: DataLayout, user: ServerUser | undefined): Promise<void> => {
  const { dataDir, cluster } = layout;
  if (user) await openTheWay(dataDir, user);
  const found = await stat(cluster).catch(() => undefined);
  if (!found) return;
  const owner = user?.uid ?? process.getuid?.();
  if (user && found.uid === 0) await chownTree(cluster, user);
  else if (owner !== undefined && found.uid !== owner)
    throw unusable(`${cluster} belongs to the user with id ${found.uid}; run Spoolgate as that user, or as root`);
  // A copy or a restored backup often has wider bits, and Postgres then refuses to start.
  if (found.mode & 0o027) await chmod(cluster, 0o700);
};

const openTheWay = async (dataDir: string, user: ServerUser): Promise<void> => {
  let blocked = await blockedOnTheWay(dataDir, user);
  const { uid, mode, ino, dev } = await stat(dataDir);
  if (blocked && uid === 0) {
    const there = await stat(blocked.path);
    if (there.ino === ino && there.dev === dev) {
      await chmod(dataDir, (mode & 0o7777) | 0o011);
      blocked = await blockedOnTheWay(dataDir, user);
    }
  }
  if (blocked)
    throw unusable(
      `under root Postgres runs as the user ${user.name}, which ${blocked.path} (mode ${octal(blocked.mode)}) does not let through to ${dataDir}; choose a folder elsewhere, or run: chmod o+x ${blocked.path}`,
    );
};

const chownTree = async (path: string, user: ServerUser): Promise<void> => {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, user);
    else await lchown(child, user.uid, user.gid);
  }
  await chown(path, user.uid, user.gid);
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Makes a folder that only the server's user may enter. */
export const makePrivateFolder = async (path: string, user: ServerUser | undefined): Promise<void> => {
  await mkdir(path, { mode: 0o700, recursive: true });
  await chmod(path, 0o700);
  if (user) await chown(path, user.uid, user.gid);
};

/** Removes leftovers in the data directory whose names begin with `prefix`. */
export const removeLeftovers = async (folder: string, prefix: string): Promise<void> => {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(prefix)))
    await rm(join(folder, name), { recursive: true, force: true });
};
