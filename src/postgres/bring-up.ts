import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import type { EventBus } from '../events/event-bus.js';
import { sleep } from '../lifecycle/sleep.js';
import { adoptPostmaster, awaitSocketLine } from './adopt-postmaster.js';
import { grantDataDirectory, makeDataDirectory } from './data-directory.js';
import type { DataLayout } from './data-layout.js';
import { binariesOfMajor, findBinaries } from './find-binaries.js';
import { clusterMajor, initCluster } from './init-cluster.js';
import { type PostmasterInspection, inspectPostmaster } from './inspect-postmaster.js';
import { Keeper } from './keeper.js';
import { launchPostmaster } from './launch-postmaster.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { prepareBinaries } from './prepare-binaries.js';
import type { RunningServer } from './running-server.js';
import { DEFAULT_PORT, type TcpAddress, writeSettings } from './server-settings.js';
import { serverUser } from './server-user.js';
import { makeSocketDirectory } from './socket-directory.js';
import { acquireStartLock } from './start-lock.js';

export interface BringUpOptions {
  readonly layout: DataLayout;
  readonly binaries: readonly PostgresBinaries[] | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly listenTcp: TcpAddress | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly events: EventBus;
  readonly signal: AbortSignal;
}

/**
 * What the log says (in English, see server-environment.ts) when trying again helps: the children of a server that was killed hold its
 * shared memory until they see that it is gone; or somebody started a server by hand in the same instant.
 */
const PASSING = /pre-existing shared memory block|lock file "[^"]+" already exists/;
/** How long it is tried again, ms. */
const PASSING_MS = 30_000;

/**
 * Brings a server up on the data directory: adopts the one that runs, or removes a dead one's lock, makes the cluster where there is
 * none, and starts one. Of processes that do this at once, the first starts it and the others adopt.
 * @throws SpoolgateError of one of the POSTGRES_ codes.
 */
export const bringUp = async (options: BringUpOptions): Promise<RunningServer> => {
  const { layout, listenTcp, events, signal } = options;
  await makeDataDirectory(layout);
  const lock = await acquireStartLock(layout.startLock, { signal });
  if (!lock)
    throw new SpoolgateError('POSTGRES_START_FAILED', { detail: 'stopped while another process was starting it' });
  try {
    const begun = performance.now();
    for (;;) {
      await awaitSocketLine(() => inspectCluster(layout), signal);
      const inspection = await inspectCluster(layout);
      if (inspection.kind === 'live') {
        const adopted = await adoptPostmaster(inspection, { cluster: layout.cluster, listenTcp, signal });
        if (!adopted) continue;
        events.emit('postgres.adopted', { dataDir: layout.dataDir, pid: adopted.pid, version: adopted.version });
        return adopted;
      }
      if (inspection.kind === 'stale') await removeStaleLock(inspection.reason, options);
      try {
        return await startServer(options);
      } catch (error) {
        const isOver = signal.aborted || performance.now() - begun > PASSING_MS;
        if (isOver || !PASSING.test(errorText(error))) throw error;
        await sleep(100, signal);
      }
    }
  } finally {
    await lock.release();
  }
};

export const inspectCluster = (layout: DataLayout): Promise<PostmasterInspection> =>
  inspectPostmaster(layout.cluster, async (socketDir, port) => {
    const keeper = await Keeper.connect(socketDir, port).catch(() => undefined);
    const shown = await keeper?.showServer().catch(() => undefined);
    await keeper?.close();
    return shown?.dataDirectory;
  });

const removeStaleLock = async (reason: string, { layout, events }: BringUpOptions): Promise<void> => {
  const file = join(layout.cluster, 'postmaster.pid');
  await rm(file, { force: true });
  events.emit('postgres.stale_lock', { file, reason });
};

const startServer = async (options: BringUpOptions): Promise<RunningServer> => {
  const { layout, events, listenTcp, env, signal } = options;
  const begun = performance.now();
  const user = await serverUser(layout);
  await grantDataDirectory(layout, user);
  const major = await clusterMajor(layout);
  const candidates = options.binaries
    ? binariesOfMajor(options.binaries, major, layout.cluster)
    : await findBinaries({ env, clusterMajor: major, cluster: layout.cluster });
  const binaries = await prepareBinaries(candidates, { user, copies: layout.binaries, events });
  if (major === undefined) {
    await initCluster(layout, binaries, user, signal);
    const tookMs = performance.now() - begun;
    events.emit('postgres.initialized', { dataDir: layout.dataDir, version: binaries.version, tookMs });
  }
  await writeSettings(layout);
  const socketDir = await makeSocketDirectory(layout, listenTcp?.port ?? DEFAULT_PORT, user);
  const server = await launchPostmaster({ ...options, binaries, user, socketDir });
  const { pid, version } = server;
  events.emit('postgres.started', { dataDir: layout.dataDir, pid, version, tookMs: performance.now() - begun });
  return server;
};
