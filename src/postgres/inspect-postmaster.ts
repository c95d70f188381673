import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostmasterPid, parsePostmasterPid } from './postmaster-pid.js';
import { type ProcessFacts, lookAtProcess } from './process-table.js';

export type PostmasterInspection =
  | { readonly kind: 'none' }
  /** The lock file is there and its server is not. */
  | { readonly kind: 'stale'; readonly reason: string }
  | LivePostmaster;

export interface LivePostmaster extends PostmasterPid {
  readonly kind: 'live';
  /** Undefined where there is no /proc. */
  readonly startTicks: string | undefined;
  /** False when the server answers but its pid is not one of this process's pid namespace: it must not be signalled. */
  readonly isSignalable: boolean;
}

/** Connects to a socket and returns the data directory of the server behind it; undefined when nothing answers. */
export type AskDataDirectory = (socketDir: string, port: number) => Promise<string | undefined>;

/** A lock file that another program is just writing is empty for a moment, ms. */
const WRITING_MS = 2_000;

/** Whether a server runs on this cluster. A lock file proves nothing: after a power cut its pid may belong to anybody. */
export const inspectPostmaster = async (cluster: string, ask: AskDataDirectory): Promise<PostmasterInspection> => {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return { kind: 'none' };
  const lock = parsePostmasterPid(text);
  if (!lock) {
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
    if (Date.now() - mtimeMs > WRITING_MS) return { kind: 'stale', reason: 'the file holds no pid' };
    await new Promise((resolve) => {
      setTimeout(resolve, WRITING_MS / 10);
    });
    return inspectPostmaster(cluster, ask);
  }
  const look = await lookAtProcess(lock.pid);
  const verdict = typeof look === 'string' ? look : await judgeProcess(look, cluster);
  const startTicks = typeof look === 'string' ? undefined : look.startTicks;
  if (verdict === 'ours') return { kind: 'live', ...lock, startTicks, isSignalable: true };
  // In another container on the same folder the pid means nothing here, and a second server would ruin the data: the socket tells.
  if (await answers(lock, cluster, ask))
    return { kind: 'live', ...lock, startTicks, isSignalable: verdict === 'hidden' || verdict === 'unclear' };
  const pid = `process ${lock.pid}`;
  const name = typeof look === 'string' ? 'hidden' : look.name;
  if (verdict === 'gone') return { kind: 'stale', reason: `${pid} has ended` };
  if (verdict === 'zombie') return { kind: 'stale', reason: `${pid} has ended and is a zombie` };
  return { kind: 'stale', reason: `${pid} is another program (${name})` };
};

type Verdict = 'ours' | 'zombie' | 'other' | 'unclear';

/** Whether the process is the server of this cluster, by its name and its working directory or command line. */
export const judgeProcess = async (process: ProcessFacts, cluster: string): Promise<Verdict> => {
  if (process.state === 'Z' || process.state === 'X') return 'zombie';
  if (!/postgres|postmaster/.test(process.name)) return 'other';
  const real = await realpath(cluster);
  if (process.workingDirectory !== undefined) return process.workingDirectory === real ? 'ours' : 'other';
  // Only the postmaster keeps its command line; its children show a title instead.
  const named = process.args[process.args.indexOf('-D') + 1];
  if (!process.args.includes('-D') || named === undefined) return 'unclear';
  return (await realpath(named).catch(() => named)) === real ? 'ours' : 'other';
};

const answers = async (lock: PostmasterPid, cluster: string, ask: AskDataDirectory): Promise<boolean> => {
  if (lock.socketDir === undefined || lock.port === undefined) return false;
  const named = await ask(lock.socketDir, lock.port);
  if (named === undefined) return false;
  const [one, other] = await Promise.all([realpath(named).catch(() => named), realpath(cluster)]);
  return one === other;
};
