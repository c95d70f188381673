import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

export interface RateWindowRow {
  /** Jobs claimed in this window so far, by all workers. */
  readonly count: number;
  /** Ms until the window ends. */
  readonly ends_in_ms: number;
}

/**
 * Opens the window of $2 seconds that queue $1 is in, and locks its row until the end of the transaction, so that all workers of the
 * queue count together (wire contract, section 6). By the database's clock, read again once the lock is held: a wait for the lock may
 * have crossed into the next window. By primary key.
 */
export const openRateWindow = (tables: Tables): Statement => {
  const start = 'floor(extract(epoch FROM clock_timestamp()) / $2::int)::int * $2::int';
  return {
    name: tables.statementName('open_rate_window'),
    text: `
INSERT INTO ${tables.queueRateLimits} AS held (queue, window_start, count) VALUES ($1, ${start}, 0)
ON CONFLICT (queue) DO UPDATE SET
  count = CASE WHEN held.window_start = ${start} THEN held.count ELSE 0 END,
  window_start = ${start}
RETURNING count, greatest(0, (window_start + $2::int - extract(epoch FROM clock_timestamp())) * 1000)::float8 AS ends_in_ms`,
  };
};

/** Counts $2 more claims in the open window of queue $1. By primary key. */
export const countClaims = (tables: Tables): Statement => ({
  name: tables.statementName('count_claims'),
  text: `UPDATE ${tables.queueRateLimits} SET count = count + $2 WHERE queue = $1`,
});
