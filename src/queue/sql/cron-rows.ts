import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';
import { notifying } from './notify.js';

/** Cron entries are few: a scan of the table, or a look by its primary key `unique_key`. */

const cron = (tables: Tables): string => tables.table('cron');

export interface ServerTimeRow {
  /** Ms since the epoch by the server's clock. */
  readonly now_ms: number;
}

export const serverTime = (): Statement => ({
  text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms',
});

/**
 * Stores entries; $1 array of {unique_key, job, cron, next_run} as JSON, $2 channel or NULL. An entry whose expression stays the same keeps
 * a run that is due: a program that schedules whenever it starts would put it off each time otherwise.
 */
export const upsertCron = (tables: Tables): Statement => ({
  text: `
WITH stored AS (
  INSERT INTO ${cron(tables)} AS entry (unique_key, job, cron, next_run)
  SELECT unique_key, job, cron, next_run
  FROM jsonb_to_recordset($1::jsonb) AS input (unique_key text, job jsonb, cron text, next_run timestamptz)
  ORDER BY unique_key COLLATE "C"
  ON CONFLICT (unique_key) DO UPDATE SET
    job = excluded.job,
    cron = excluded.cron,
    next_run = CASE WHEN entry.cron = excluded.cron THEN least(entry.next_run, excluded.next_run) ELSE excluded.next_run END
  RETURNING entry.unique_key
)
SELECT count(*), ${notifying('$2', "json_build_object('t', 'cron.scheduled')::text")} FROM stored`,
});

/** $1 unique keys. Returns those that were there. */
export const deleteCron = (tables: Tables): Statement => ({
  text: `DELETE FROM ${cron(tables)} WHERE unique_key = ANY ($1::text[]) RETURNING unique_key`,
});

export interface CronRow {
  readonly unique_key: string;
  readonly job: unknown;
  readonly cron: string;
  readonly last_run: unknown;
  readonly next_run: unknown;
}

/** $1 unique keys, or NULL for all. */
export const selectCron = (tables: Tables): Statement => ({
  text: `SELECT * FROM ${cron(tables)} WHERE $1::text[] IS NULL OR unique_key = ANY ($1) ORDER BY unique_key`,
});

export interface DueCronRow extends ServerTimeRow {
  readonly unique_key: string;
  readonly job: unknown;
  readonly cron: string;
}

/** At most $2 entries that are due, but not those of $1, nor those that another worker runs right now. Held until the transaction ends. */
export const takeDueCron = (tables: Tables): Statement => ({
  text: `
SELECT unique_key, job, cron, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms
FROM ${cron(tables)}
WHERE next_run <= now() AND unique_key <> ALL ($1::text[])
ORDER BY next_run, unique_key
LIMIT $2
FOR UPDATE SKIP LOCKED`,
});

/** Says when entries run next; $1 array of {unique_key, next_run} as JSON. */
export const advanceCron = (tables: Tables): Statement => ({
  text: `
UPDATE ${cron(tables)} AS entry SET next_run = input.next_run, last_run = now()
FROM jsonb_to_recordset($1::jsonb) AS input (unique_key text, next_run timestamptz)
WHERE entry.unique_key = input.unique_key`,
});

export interface NextCronRow {
  /** Ms until the next entry is due; null when there is none. */
  readonly ms: number | null;
}

/** When the first entry is due, but for those of $1. */
export const nextCron = (tables: Tables): Statement => ({
  text: `
SELECT (extract(epoch FROM min(next_run) - clock_timestamp()) * 1000)::float8 AS ms
FROM ${cron(tables)} WHERE unique_key <> ALL ($1::text[]) AND isfinite(next_run)`,
});
