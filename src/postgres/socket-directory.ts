import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder } from './data-directory.js';
import type { DataLayout } from './data-layout.js';
import { parsePostmasterPid } from './postmaster-pid.js';
import { lookAtProcess } from './process-table.js';
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
    await removeDeadLocks(layout.sockets);
    return layout.sockets;
  }
  const name = `spoolgate-${createHash('sha256').update(layout.dataDir).digest('hex').slice(0, 10)}`;
  const base = fits(join(temporary, name), port) ? temporary : '/tmp';
  const short = join(base, name);
  await mkdir(short, { mode: 0o700 }).catch(() => undefined);
  if (await isOurs(short, user)) {
    await makePrivateFolder(short, user);
    await removeDeadLocks(short);
    return short;
  }
  // Somebody else was here first: in a folder that all may write, a name that can be foreseen can be taken.
  const fresh = await mkdtemp(`${short}-`);
  await makePrivateFolder(fresh, user);
  return fresh;
};

/**
 * A socket's lock whose server is gone would keep the next one from starting as soon as its pid is another process's. One of a Postgres
 * that lives stays, be it that somebody is starting a server by hand at this moment.
 */
const removeDeadLocks = async (folder: string): Promise<void> => {
  const names = await readdir(folder);
  for (const name of names.filter((name) => name.endsWith('.lock'))) {
    const file = join(folder, name);
    const lock = parsePostmasterPid(await readFile(file, 'utf8').catch(() => ''));
    const look = lock ? await lookAtProcess(lock.pid) : 'gone';
    const isLive = typeof look === 'object' && look.state !== 'Z' && look.name.includes('postgres');
    if (!isLive) await rm(file, { force: true });
  }
};

const isOurs = async (path: string, user: ServerUser | undefined): Promise<boolean> => {
  const found = await lstat(path);
  return found.isDirectory() && (found.uid === process.getuid?.() || found.uid === user?.uid);
};

/** Removes a socket folder outside the data directory once it is empty. */
export const removeSocketDirectory = async (layout: DataLayout, socketDir: string): Promise<void> => {
  if (socketDir !== layout.sockets) await rmdir(socketDir).catch(() => undefined);
};
