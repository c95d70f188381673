import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import { sleep } from '../lifecycle/sleep.js';
import { awaitReady } from './await-ready.js';
import { endPostmaster } from './end-postmaster.js';
import type { LivePostmaster } from './inspect-postmaster.js';
import { isRunning } from './process-table.js';
import type { RunningServer } from './running-server.js';
import type { TcpAddress } from './server-settings.js';

export interface AdoptOptions {
  readonly cluster: string;
  readonly listenTcp: TcpAddress | undefined;
  readonly signal: AbortSignal;
}

/** A server that is there but silent is given up after this, ms. */
const SILENCE_MS = 30_000;

/**
 * Connects to a server that runs already. Undefined when it ended meanwhile, or was ended here: it had no clients and lacked the TCP
 * port that is asked for.
 * @throws SpoolgateError POSTGRES_START_FAILED when it does not answer, or has clients and lacks the TCP port.
 */
export const adoptPostmaster = async (
  live: LivePostmaster,
  options: AdoptOptions,
): Promise<RunningServer | undefined> => {
  const { cluster, listenTcp, signal } = options;
  const { socketDir, port, pid, startTicks, isSignalable, listenAddress } = live;
  const failed = (detail: string, cause?: unknown): SpoolgateError =>
    new SpoolgateError('POSTGRES_START_FAILED', {
      detail: `process ${pid} already runs on ${cluster}${detail}`,
      cause,
    });
  if (socketDir === undefined || port === undefined) throw failed(' and has no Unix socket; stop it first');
  const keeper = await awaitReady(socketDir, port, {
    isAlive: () => isRunning(pid, startTicks),
    signal,
    silenceMs: SILENCE_MS,
  }).catch((error: unknown) => {
    throw failed(`: ${errorText(error)}`, error);
  });
  if (!keeper) return undefined;
  if (listenTcp && (listenAddress === '' || port !== listenTcp.port)) {
    const clients = await keeper.countOtherClients();
    await keeper.close();
    if (clients > 0 || !isSignalable)
      throw failed(` without TCP on port ${listenTcp.port}, and ${clients} clients are connected; end them first`);
    await endPostmaster({ pid, startTicks }, { fastMs: 60_000, immediateMs: 10_000 });
    return undefined;
  }
  const shown = await keeper.showServer();
  // Debian appends its package's version in brackets.
  const version = shown.version.split(' ')[0] ?? shown.version;
  return { pid, startTicks, isSignalable, isAdopted: true, socketDir, port, listenAddress, version, keeper };
};

/** A server writes its socket's folder some time after its pid. Resolves when it has, or after `limitMs`. */
export const awaitSocketLine = async (
  inspect: () => Promise<{ readonly kind: string; readonly socketDir?: string | undefined }>,
  signal: AbortSignal,
  limitMs = 10_000,
): Promise<void> => {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline && !signal.aborted) {
    const found = await inspect();
    if (found.kind !== 'live' || found.socketDir !== undefined) return;
    await sleep(50, signal);
  }
};
