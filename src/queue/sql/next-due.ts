import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

export interface NextDueRow {
  /** Ms from now until the first job of the queue is due. */
  readonly ms: number;
}

/**
 * When the next job of queue $1 is due, if within $2 seconds; no row otherwise. By Chancy's index on (queue, state, attempts,
 * scheduled_at, ...) of pending and retrying rows, without a look at rows that are not due by then.
 */
export const nextDue = (tables: Tables): Statement => ({
  name: tables.statementName('next_due'),
  text: `
SELECT (extract(epoch FROM scheduled_at - now()) * 1000)::float8 AS ms FROM ${tables.jobs}
WHERE queue = $1 AND state IN ('pending', 'retrying') AND attempts < max_attempts
  AND scheduled_at > now() AND scheduled_at <= now() + make_interval(secs => $2)
ORDER BY scheduled_at
LIMIT 1`,
});
