import { SpoolgateError } from '../errors/spoolgate-error.js';
import { sleep } from '../lifecycle/sleep.js';
import { type Database, isConnectionError } from './database/database.js';
import type { JobState } from './queued-job.js';
import { selectJobStates } from './sql/jobs.js';
import type { Tables } from './tables.js';

export interface WaitOptions {
  /** Rejects with `WAIT_TIMEOUT` after this many ms; waits for ever without it. */
  readonly timeoutMs?: number;
  /** Time between two looks, ms; 500 by default. */
  readonly intervalMs?: number;
  /** What to wait for; `succeeded` and `failed` by default. */
  readonly states?: readonly JobState[];
  /** Rejects with the signal's reason when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Resolves when each job is in one of the states or not in the table. By polling, so it works without notifications. A database that
 * cannot be reached at the first look rejects; one that is lost later is waited for.
 */
export const waitForStates = async (
  database: Database,
  tables: Tables,
  ids: readonly string[],
  options: WaitOptions,
): Promise<void> => {
  const { timeoutMs = Infinity, intervalMs = 500, states = ['succeeded', 'failed'], signal } = options;
  const deadline = performance.now() + timeoutMs;
  let waiting: readonly string[] = [...new Set(ids)];
  for (let first = true; ; first = false) {
    signal?.throwIfAborted();
    try {
      waiting = await stillWaiting(database, tables, waiting, states);
    } catch (error) {
      if (first || !isConnectionError(error)) throw error;
    }
    if (waiting.length === 0) return;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new SpoolgateError('WAIT_TIMEOUT', {
        detail: `after ${timeoutMs} ms ${waiting.length} of ${ids.length} jobs are not ${states.join(' or ')}`,
        data: { waiting },
      });
    }
    await sleep(Math.min(intervalMs, left), signal);
  }
};

const stillWaiting = async (
  database: Database,
  tables: Tables,
  ids: readonly string[],
  states: readonly JobState[],
): Promise<readonly string[]> => {
  if (ids.length === 0) return ids;
  const rows = await database.query<{ id: string; state: string }>(selectJobStates(tables), [ids]);
  return rows.filter(({ state }) => !states.some((wanted) => wanted === state)).map(({ id }) => id);
};
