import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerUser } from './server-user.js';

export interface BlockedPath {
  readonly path: string;
  /** Permission bits, such as 0o700. */
  readonly mode: number;
  readonly uid: number;
}

/**
 * The topmost folder on the way to `path` (itself included) that `user` may not pass, by its permission bits; undefined when the way is
 * free. Supplementary groups do not count: the server is started without any.
 */
export const blockedOnTheWay = async (path: string, user: ServerUser): Promise<BlockedPath | undefined> => {
  for (const folder of ancestors(await realpath(path))) {
    const { mode, uid, gid } = await stat(folder);
    const mayPass = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
    if (!mayPass) return { path: folder, mode: mode & 0o777, uid };
  }
  return undefined;
};

/** From the root down. */
const ancestors = (path: string): string[] => (path === dirname(path) ? [path] : [...ancestors(dirname(path)), path]);
