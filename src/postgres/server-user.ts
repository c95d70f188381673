import { readFile, stat } from 'node:fs/promises';
import { SpoolgateError } from '../errors/spoolgate-error.js';

/** The account that a server started by root runs under: Postgres refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

export interface ServerUserOptions {
  /** This process's uid; undefined where the system has none. */
  readonly uid?: number | undefined;
  readonly passwdFile?: string;
}

/**
 * Undefined unless this process is root. Else, in order: who owns the cluster, who owns the data directory (neither counts when it is
 * root), then the users `spoolgate`, `postgres`, `nobody`. Users are never created.
 * @throws SpoolgateError POSTGRES_DATA_DIRECTORY when the system knows none of them.
 */
export const serverUser = async (
  layout: { readonly dataDir: string; readonly cluster: string },
  options: ServerUserOptions = {},
): Promise<ServerUser | undefined> => {
  if (('uid' in options ? options.uid : process.getuid?.()) !== 0) return undefined;
  const accounts = await readAccounts(options.passwdFile ?? '/etc/passwd');
  const ofCluster = await ownerOf(layout.cluster);
  // The server runs without a passwd entry, initdb does not: an unknown owner will do for a cluster that is there.
  if (ofCluster) return accounts.find(({ uid }) => uid === ofCluster.uid) ?? ofCluster;
  const ofDataDir = await ownerOf(layout.dataDir);
  const found =
    accounts.find(({ uid }) => uid === ofDataDir?.uid) ??
    ['spoolgate', 'postgres', 'nobody']
      .map((name) => accounts.find((account) => account.name === name && account.uid !== 0))
      .find((account) => account !== undefined);
  if (found) return found;
  throw new SpoolgateError('POSTGRES_DATA_DIRECTORY', {
    detail: `Postgres does not run as root, and none of the users spoolgate, postgres and nobody exists; create one, or give ${layout.dataDir} to another user`,
  });
};

const ownerOf = async (path: string): Promise<ServerUser | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid, name: String(found.uid) } : undefined;
};

/** passwd(5): name:password:uid:gid:…; lines that do not fit are passed over. */
const readAccounts = async (file: string): Promise<ServerUser[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const match = /^([^:#+-][^:]*):[^:]*:(\d+):(\d+):/.exec(line);
    return match ? [{ name: match[1] ?? '', uid: Number(match[2]), gid: Number(match[3]) }] : [];
  });
};
