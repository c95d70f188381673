import type { EventBus } from '../events/event-bus.js';
import { sleep } from '../lifecycle/sleep.js';
import { awaitReady } from './await-ready.js';
import type { DataLayout } from './data-layout.js';
import { type EndLimits, endPostmaster } from './end-postmaster.js';
import type { Keeper } from './keeper.js';
import { isRunning } from './process-table.js';
import type { RunningServer } from './running-server.js';
import { removeSocketDirectory } from './socket-directory.js';
import { acquireStartLock } from './start-lock.js';

export interface LeaveOptions {
  readonly layout: DataLayout;
  readonly events: EventBus;
  /** Ends the server even if others are connected. */
  readonly isExclusive: boolean;
  readonly limits?: EndLimits;
}

const LIMITS: EndLimits = { fastMs: 60_000, immediateMs: 10_000 };
/** What a fast shutdown tells each client. */
const ADMIN_SHUTDOWN = '57P01';
/** How long a server that recovers from a crash is waited for before it is stopped, ms. */
const RECOVERY_MS = 15_000;

/** The last one out turns off the light: ends the server unless others are connected, and waits for its end. */
export const leaveServer = async (server: RunningServer, options: LeaveOptions): Promise<void> => {
  const { layout, events } = options;
  // Those who leave or come at the same moment wait for each other; a lock that cannot be had keeps nobody from leaving.
  const lock = await acquireStartLock(layout.startLock, { waitMs: 10_000 }).catch(() => undefined);
  let keeper: Keeper | undefined;
  try {
    const { pid, startTicks } = server;
    if (!(await isRunning(pid, startTicks)) && server.isSignalable) return;
    keeper = await usableKeeper(server);
    const clients = keeper && !options.isExclusive ? await countOthers(keeper) : 0;
    if (clients > 0 || !server.isSignalable) {
      events.emit('postgres.left_running', { dataDir: layout.dataDir, pid, clients });
      return;
    }
    const begun = performance.now();
    const { fastMs, immediateMs } = options.limits ?? LIMITS;
    const limits = {
      // A fast shutdown amid the recovery after a crash hangs (seen with 15.18 and 18.4); an immediate one costs another recovery only.
      fastMs: keeper ? fastMs : 0,
      immediateMs,
      // The crash may be so fresh that the server has not seen it yet: then our connection is not ended by the shutdown.
      ...(keeper && { hasBegun: keeper.lost.then((code) => code === ADMIN_SHUTDOWN) }),
    };
    const how = await endPostmaster({ pid, startTicks }, limits);
    await removeSocketDirectory(layout, server.socketDir);
    events.emit('postgres.stopped', { dataDir: layout.dataDir, pid, how, tookMs: performance.now() - begun });
  } finally {
    await keeper?.close();
    await server.keeper.close();
    await lock?.release();
  }
};

/** The keeper, or a new one where its connection was lost; undefined when the server takes nobody for a while, or has ended. */
const usableKeeper = async ({
  keeper,
  socketDir,
  port,
  pid,
  startTicks,
}: RunningServer): Promise<Keeper | undefined> => {
  const isUsable = await keeper.countOtherClients().then(
    () => true,
    () => false,
  );
  if (isUsable) return keeper;
  const isAlive = (): Promise<boolean> => isRunning(pid, startTicks);
  const options = { isAlive, signal: AbortSignal.timeout(RECOVERY_MS), silenceMs: RECOVERY_MS };
  return awaitReady(socketDir, port, options).catch(() => undefined);
};

/** A connection that was just closed is still listed for a moment, so a count above 0 is taken again a few times. */
const countOthers = async (keeper: Keeper): Promise<number> => {
  let clients = 0;
  for (let look = 0; look < 5; look += 1) {
    if (look > 0) await sleep(40);
    clients = await keeper.countOtherClients().catch(() => 0);
    if (clients === 0) return 0;
  }
  return clients;
};
