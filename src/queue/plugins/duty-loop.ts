import { backoffMs } from '../../lifecycle/backoff.js';
import { isConnectionError } from '../database/database.js';
import type { PluginWorker } from '../plugin.js';
import { Bell } from '../worker/bell.js';
import { WorkerEvents } from '../worker/worker-events.js';

export interface DutyLoopOptions {
  readonly worker: PluginWorker;
  readonly signal: AbortSignal;
  /** What is being done, for the event `worker.error`: `pruning`. */
  readonly doing: string;
  /** Ms from the end of one turn to the next. */
  readonly intervalMs: number;
  /** Events of the worker's hub after which the next turn comes at once. */
  readonly wakeOn?: readonly string[];
}

const backoff = { initialMs: 500, limitMs: 10_000 };

/**
 * Does a duty of a plugin now and then until `signal` aborts. What `duty` resolves to is the wait before its next turn, ms, if that is
 * shorter than the interval. A turn that rejects is reported once and tried again; the loss of the database is waited out in silence, as
 * the worker has said it already.
 */
export const dutyLoop = async (
  { worker, signal, doing, intervalMs, wakeOn = [] }: DutyLoopOptions,
  duty: () => Promise<number | void>,
): Promise<void> => {
  const events = new WorkerEvents(worker.workerId, worker.events, worker.hub);
  const bell = new Bell();
  const offs = ['worker.database_back', ...wakeOn].map((event) => worker.hub.on(event, () => bell.ring()));
  try {
    for (let failures = 0; !signal.aborted;) {
      let waitMs = intervalMs;
      try {
        waitMs = Math.min(intervalMs, (await duty()) ?? intervalMs);
        failures = 0;
        events.well(doing);
      } catch (error) {
        // A duty that was torn off by the worker's own end is nothing to report.
        if (!signal.aborted && !isConnectionError(error)) events.trouble(doing, error);
        waitMs = Math.min(intervalMs, backoffMs(failures, backoff));
        failures += 1;
      }
      await bell.wait(waitMs, signal);
    }
  } finally {
    for (const off of offs) off();
  }
};
