import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, removeLeftovers } from './data-directory.js';
import type { DataLayout } from './data-layout.js';
import type { ServerUser } from './server-user.js';

/** Longest path of a Unix socket in bytes, without the closing zero (sockaddr_un; macOS has 104). */
const LONGEST = process.platform === 'linux' ? 107 : 103;

const fits = (folder: string, port: number): boolean => Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= LONGEST;

/**
 * The private folder of the socket: in the data directory, or where that path is too long, a short one in the temporary folder, the
 * same at every start, so that a connection string stays good.
 */
export const makeSocketDirectory = async (
  layout: DataLayout,
  port: number,
  user: ServerUser | undefined,
  temporary: string = tmpdir(),
): Promise<string> => {
  if (fits(layout.sockets, port)) {
    await makePrivateFolder(layout.sockets, user);
    // No server runs now (the caller has made sure), and a lock left here would keep the next one from starting.
    await removeLeftovers(layout.sockets, '.s.PGSQL.');
    return layout.sockets;
  }
  const name = `spoolgate-${createHash('sha256').update(layout.dataDir).digest('hex').slice(0, 10)}`;
  const base = fits(join(temporary, name), port) ? temporary : '/tmp';
  const short = join(base, name);
  await mkdir(short, { mode: 0o700 }).catch(() => undefined);
  if (await isOurs(short, user)) {
    await makePrivateFolder(short, user);
    await removeLeftovers(short, '.s.PGSQL.');
    return short;
  }
  // Somebody else was here first: in a folder that all may write, a name that can be foreseen can be taken.
  const fresh = await mkdtemp(`${short}-`);
  await makePrivateFolder(fresh, user);
  return fresh;
};

const isOurs = async (path: string, user: ServerUser | undefined): Promise<boolean> => {
  const found = await lstat(path);
  return found.isDirectory() && (found.uid === process.getuid?.() || found.uid === user?.uid);
};

/** Removes a socket folder outside the data directory once it is empty. */
export const removeSocketDirectory = async (layout: DataLayout, socketDir: string): Promise<void> => {
  if (socketDir !== layout.sockets) await rmdir(socketDir).catch(() => undefined);
};
