import { sleep } from '../lifecycle/sleep.js';
import { isRunning } from './process-table.js';

export interface Postmaster {
  readonly pid: number;
  readonly startTicks: string | undefined;
}

export interface EndLimits {
  /** For the fast shutdown, which writes a checkpoint: an SD card may need its time, ms; 0 skips it. */
  readonly fastMs: number;
  /** For the immediate one, ms. */
  readonly immediateMs: number;
  /** Whether a fast shutdown has really begun; where not, it is not waited for. */
  readonly hasBegun?: Promise<boolean>;
}

/**
 * Ends a server: fast (SIGINT: clients are cut off, data is written), then immediate (SIGQUIT), then by SIGKILL, after which its
 * children end by themselves. Resolves when the process is gone, with what it took; rejects when it may not be signalled.
 */
export const endPostmaster = async (
  postmaster: Postmaster,
  limits: EndLimits,
): Promise<'fast' | 'immediate' | 'killed'> => {
  if (limits.fastMs > 0) {
    signal(postmaster, 'SIGINT');
    const isGone = ended(postmaster, limits.fastMs);
    const isUnderWay = await Promise.race([isGone, limits.hasBegun ?? isGone]);
    if (isUnderWay && (await isGone)) return 'fast';
  }
  signal(postmaster, 'SIGQUIT');
  if (await ended(postmaster, limits.immediateMs)) return 'immediate';
  signal(postmaster, 'SIGKILL');
  await ended(postmaster, Number.POSITIVE_INFINITY);
  return 'killed';
};

const signal = ({ pid }: Postmaster, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended meanwhile, which the wait that follows sees. Not to be allowed to signal it would mean to wait for ever.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

const ended = async ({ pid, startTicks }: Postmaster, limitMs: number): Promise<boolean> => {
  const deadline = Date.now() + limitMs;
  while (await isRunning(pid, startTicks)) {
    if (Date.now() >= deadline) return false;
    await sleep(15);
  }
  return true;
};
