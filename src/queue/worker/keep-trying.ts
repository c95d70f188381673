import { backoffMs } from '../../lifecycle/backoff.js';
import { isDataError } from './data-error.js';
import type { WorkerContext } from './worker-context.js';

const backoff = { initialMs: 100, limitMs: 5000 };

/** Does something in the database until it is done: undefined once the worker was forced to end, or if the values are refused. */
export const keepTrying = async <T>(
  { database, events, forced }: Pick<WorkerContext, 'database' | 'events' | 'forced'>,
  doing: string,
  operation: () => Promise<T>,
): Promise<T | undefined> => {
  for (let failures = 0; !forced.aborted; failures += 1) {
    try {
      const result = await operation();
      events.well(doing);
      return result;
    } catch (error) {
      events.trouble(doing, error);
      if (isDataError(error)) return undefined;
      await database.pause(backoffMs(failures, backoff), forced);
    }
  }
  return undefined;
};
