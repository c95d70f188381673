import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/** One job of a push, by column; a time that is null is the database's now. */
export interface PushedRow {
  readonly id: string;
  readonly queue: string;
  readonly func: string;
  readonly kwargs: unknown;
  readonly limits: unknown;
  readonly meta: unknown;
  readonly priority: number;
  readonly max_attempts: number;
  readonly scheduled_at: string | null;
  readonly unique_key: string | null;
}

/** The row that has a unique key now: the pushed one, or the unfinished one that had it before. */
export interface KeyedRow {
  readonly id: string;
  readonly unique_key: string;
}

/**
 * Inserts a batch of jobs and notifies, in one statement. $1 array of PushedRow as JSON, no unique key twice; $2 channel; $3 payloads.
 * Returns KeyedRow for each job with a unique key. `jobs_unique_key` decides what is a duplicate; the update of one changes nothing and
 * is there to return its id. Keys are taken in one order by everybody, so that two batches do not deadlock.
 */
export const pushJobs = (tables: Tables): Statement => ({
  name: tables.statementName('push'),
  text: `
    WITH pushed AS (
      INSERT INTO ${tables.jobs} AS job
        (id, queue, func, kwargs, limits, meta, priority, max_attempts, scheduled_at, unique_key)
      SELECT id, queue, func, kwargs, limits, meta, priority, max_attempts, coalesce(scheduled_at, now()), unique_key
      FROM json_to_recordset($1::json) AS input (
        id uuid, queue text, func text, kwargs jsonb, limits jsonb, meta jsonb, priority integer,
        max_attempts integer, scheduled_at timestamptz, unique_key text
      )
      ORDER BY unique_key COLLATE "C" NULLS FIRST, id
      ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state NOT IN ('succeeded', 'failed')
      DO UPDATE SET state = job.state
      RETURNING job.id, job.unique_key
    )
    SELECT id, unique_key FROM pushed WHERE unique_key IS NOT NULL
    UNION ALL
    SELECT NULL, pg_notify($2, payload)::text FROM unnest($3::text[]) AS payload`,
});
