import { SpoolgateError } from '../errors/spoolgate-error.js';
import { sleep } from '../lifecycle/sleep.js';
import { isConnectionError } from './database/connection-error.js';
import type { JobState } from './queued-job.js';

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
 * Looks until `look` gives something, and resolves to that. By polling, so it works without notifications. A database that cannot be
 * reached at the first look rejects; one that is lost later is waited for. `missing` says what is not there yet.
 */
export const pollUntil = async <Found>(
  look: () => Promise<Found | undefined>,
  missing: () => string,
  options: WaitOptions,
): Promise<Found> => {
  const { timeoutMs = Infinity, intervalMs = 500, signal } = options;
  const deadline = performance.now() + timeoutMs;
  for (let first = true; ; first = false) {
    signal?.throwIfAborted();
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      if (first || !isConnectionError(error)) throw error;
    }
    const left = deadline - performance.now();
    if (left <= 0) throw new SpoolgateError('WAIT_TIMEOUT', { detail: `after ${timeoutMs} ms ${missing()}` });
    await sleep(Math.min(intervalMs, left), signal);
  }
};
