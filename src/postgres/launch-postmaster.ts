import { type ChildProcess, spawn } from 'node:child_process';
import { close, open } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import { awaitReady } from './await-ready.js';
import type { DataLayout } from './data-layout.js';
import { endPostmaster } from './end-postmaster.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { lookAtProcess } from './process-table.js';
import type { RunningServer } from './running-server.js';
import { serverEnvironment } from './server-environment.js';
import { boundServerLog, lastLogLines, logSize } from './server-log.js';
import { DEFAULT_PORT, type TcpAddress, serverArguments } from './server-settings.js';
import type { ServerUser } from './server-user.js';

export interface LaunchOptions {
  readonly layout: DataLayout;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | undefined;
  readonly socketDir: string;
  readonly listenTcp: TcpAddress | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const SILENCE_MS = 60_000;

/**
 * Starts `postgres` itself, in a session of its own: Ctrl-C in our terminal must not end it before we are done with it. Resolves when
 * it takes connections.
 * @throws SpoolgateError POSTGRES_START_FAILED, quoting its last log lines; nothing is left running then.
 */
export const launchPostmaster = async (options: LaunchOptions): Promise<RunningServer> => {
  const { layout, binaries, listenTcp, socketDir, signal } = options;
  await boundServerLog(layout.log);
  const offset = await logSize(layout.log);
  const fail = async (reason: string, cause?: unknown): Promise<SpoolgateError> => {
    const lines = await lastLogLines(layout.log, offset);
    return new SpoolgateError('POSTGRES_START_FAILED', {
      detail: [reason, ...lines].join('\n  '),
      data: { log: layout.log, lines },
      cause,
    });
  };
  const child = await spawnServer(options).catch(async (error: unknown) => {
    throw await fail(errorText(error), error);
  });
  // It outlives us on purpose when we are killed; the next start adopts it.
  child.process.unref();
  const { pid } = child.process;
  if (pid === undefined) throw await fail(await child.ended);
  const port = listenTcp?.port ?? DEFAULT_PORT;
  const look = await lookAtProcess(pid);
  const startTicks = typeof look === 'object' ? look.startTicks : undefined;
  try {
    const keeper = await awaitReady(socketDir, port, {
      isAlive: () => child.end() === undefined,
      signal,
      silenceMs: SILENCE_MS,
    });
    if (!keeper) throw new Error(child.end());
    return {
      pid,
      startTicks,
      isSignalable: true,
      isAdopted: false,
      socketDir,
      port,
      listenAddress: listenTcp?.host ?? '',
      version: binaries.version,
      keeper,
    };
  } catch (error) {
    if (child.end() === undefined) await endPostmaster({ pid, startTicks }, { fastMs: 0, immediateMs: 10_000 });
    throw await fail(errorText(error), error);
  }
};

interface ServerProcess {
  readonly process: ChildProcess;
  /** How it ended, or why it could not be spawned; undefined while it runs. */
  end(): string | undefined;
  readonly ended: Promise<string>;
}

const spawnServer = async (options: LaunchOptions): Promise<ServerProcess> => {
  const { layout, binaries, user } = options;
  const args = serverArguments({ ...options, major: binaries.major });
  const log = await promisify(open)(layout.log, 'a', 0o600);
  try {
    const child = spawn(join(binaries.binDir, 'postgres'), args, {
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', log, log],
      detached: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    // Listened to before anything is awaited: a failed spawn is reported in the next tick, and unheard it ends this process.
    let end: string | undefined;
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve((end ??= error.message)));
      child.once('exit', (code, by) => resolve((end ??= by ? `ended by ${by}` : `exit code ${String(code)}`)));
    });
    return { process: child, end: () => end, ended };
  } finally {
    await promisify(close)(log);
  }
};
