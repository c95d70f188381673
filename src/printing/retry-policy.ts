import { errorEntry } from '../errors/error-table.js';
import type { SpoolgateError } from '../errors/spoolgate-error.js';
import { backoffMs } from '../lifecycle/backoff.js';
import type { PrintExtent } from '../printer/print-outcome.js';

export interface RetryQuestion {
  readonly error: SpoolgateError;
  /** What the print had done to the machine when it ended. */
  readonly extent: PrintExtent;
  /** Runs that have ended, this one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
}

export type RetryAnswer = { readonly state: 'failed' } | { readonly state: 'retrying'; readonly delayMs: number };

/** First wait, ms, and the longest one. */
const waits = { initialMs: 10_000, limitMs: 300_000 };

/**
 * Whether a print that failed is tried again by itself: only if its error allows it, attempts remain, and nothing was extruded. This is
 * the place where a finer policy goes.
 */
export const judgeRetry = ({ error, extent, attempts, maxAttempts }: RetryQuestion): RetryAnswer => {
  const mayRetry = errorEntry(error.code).job === 'retry' && extent !== 'extruded' && attempts < maxAttempts;
  return mayRetry ? { state: 'retrying', delayMs: Math.round(backoffMs(attempts - 1, waits)) } : { state: 'failed' };
};
