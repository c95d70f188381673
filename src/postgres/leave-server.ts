import type { EventBus } from '../events/event-bus.js';
import { sleep } from '../lifecycle/sleep.js';
import type { DataLayout } from './data-layout.js';
import { type EndLimits, endPostmaster } from './end-postmaster.js';
import { Keeper } from './keeper.js';
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

/** The last one out turns off the light: ends the server unless others are connected, and waits for its end. */
export const leaveServer = async (server: RunningServer, options: LeaveOptions): Promise<void> => {
  const { layout, events } = options;
  // Those who leave or come at the same moment wait for each other; a lock that cannot be had keeps nobody from leaving.
  const lock = await acquireStartLock(layout.startLock, { waitMs: 10_000 }).catch(() => undefined);
  try {
    const { pid, startTicks } = server;
    if (!(await isRunning(pid, startTicks)) && server.isSignalable) return;
    const clients = options.isExclusive ? 0 : await countOthers(server);
    if (clients > 0 || !server.isSignalable) {
      events.emit('postgres.left_running', { dataDir: layout.dataDir, pid, clients });
      return;
    }
    const begun = performance.now();
    const how = await endPostmaster({ pid, startTicks }, options.limits ?? LIMITS);
    await removeSocketDirectory(layout, server.socketDir);
    events.emit('postgres.stopped', { dataDir: layout.dataDir, pid, how, tookMs: performance.now() - begun });
  } finally {
    await server.keeper.close();
    await lock?.release();
  }
};

/** A connection that was just closed is still listed for a moment, so a count above 0 is taken again a few times. */
const countOthers = async (server: RunningServer): Promise<number> => {
  let clients = 0;
  for (let look = 0; look < 5; look += 1) {
    if (look > 0) await sleep(40);
    clients = await server.keeper.countOtherClients().catch(() => countAnew(server));
    if (clients === 0) return 0;
  }
  return clients;
};

/** The keeper's connection was lost: count by another one. A server too full for that is in use; one that takes nobody is not. */
const countAnew = async ({ socketDir, port }: RunningServer): Promise<number> => {
  const TOO_MANY = '53300';
  let keeper: Keeper;
  try {
    keeper = await Keeper.connect(socketDir, port);
  } catch (error) {
    return (error as { code?: string }).code === TOO_MANY ? 1 : 0;
  }
  try {
    return await keeper.countOtherClients();
  } finally {
    await keeper.close();
  }
};
