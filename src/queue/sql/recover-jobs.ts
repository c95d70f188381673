import type { Statement } from '../database/database.js';
import type { Rule } from '../plugins/rules/rule.js';
import { RuleParameters } from '../plugins/rules/rule.js';
import type { Tables } from '../tables.js';

/** Whether the worker of a job has no row that says that it lives. `timeout` is SQL: ms after which a heartbeat is too old. By primary key. */
const isMissing = (tables: Tables, timeout: string): string => `NOT EXISTS (
    SELECT FROM ${tables.workers} AS worker WHERE worker.worker_id = taken_by
    AND greatest(worker.expires_at, worker.last_seen + make_interval(secs => ${timeout}::float8 / 1000)) >= clock_timestamp()
  )`;

export interface MissingWorkersRow {
  /** Null stands for running jobs that name no worker. */
  readonly missing: readonly (string | null)[];
  /** How long the server has been up, ms. */
  readonly up_ms: number;
}

/** Workers that have running jobs and no heartbeat within $1 ms. By our index on taken_by of running jobs, or the one on (queue, state). */
export const findMissingWorkers = (tables: Tables): Statement => ({
  name: tables.statementName('find_missing_workers'),
  text: `
SELECT
  ARRAY(SELECT DISTINCT taken_by FROM ${tables.jobs} WHERE state = 'running' AND ${isMissing(tables, '$1')}) AS missing,
  (extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000)::float8 AS up_ms`,
});

export interface RecoveredRow {
  readonly id: string;
  readonly queue: string;
  readonly state: 'pending' | 'failed';
}

export interface RecoverOptions {
  readonly workers: readonly string[];
  /** Whether jobs that name no worker are meant as well. */
  readonly unnamed: boolean;
  readonly timeoutMs: number;
  /** A job fails when its worker has died under it so often. */
  readonly maxDeaths: number | null;
  /** Jobs that fail in any case. */
  readonly interrupted: Rule | undefined;
  /** What the errors of such jobs say. */
  readonly messages: { readonly interrupted: string; readonly killed: string };
}

const mostRows = 1000;

/**
 * Takes running jobs from workers that are missing, and still are. As Chancy does it (wire contract, section 7): they are pending again,
 * with one attempt more. How often that happened stands in `meta.recoveries`, which Python leaves alone; a job that reached the limit, or
 * is not to be started again, fails instead. Rows that somebody holds are left for the next time. By our index on taken_by of running
 * jobs, or the one on (queue, state); updated by primary key.
 */
export const recoverJobs = (
  tables: Tables,
  { workers, unnamed, timeoutMs, maxDeaths, interrupted, messages }: RecoverOptions,
): Statement & { readonly values: readonly unknown[] } => {
  const parameters = new RuleParameters([
    workers,
    unnamed,
    timeoutMs,
    maxDeaths,
    messages.interrupted,
    messages.killed,
  ]);
  const isInterrupted = interrupted === undefined ? 'false' : `(${interrupted.toSql(parameters)}) IS TRUE`;
  const text = `
WITH orphan AS MATERIALIZED (
  SELECT id, ${isInterrupted} AS interrupted,
    CASE WHEN jsonb_typeof(meta -> 'recoveries') = 'number'
      THEN least(greatest((meta ->> 'recoveries')::numeric, 0), 1000000)::integer ELSE 0 END + 1 AS deaths
  FROM ${tables.jobs}
  WHERE state = 'running' AND (taken_by = ANY ($1::text[]) OR ($2::boolean AND taken_by IS NULL))
    AND ${isMissing(tables, '$3')}
  LIMIT ${mostRows}
  FOR UPDATE SKIP LOCKED
), judged AS (
  SELECT id, deaths, CASE WHEN interrupted THEN 'JOB_INTERRUPTED' WHEN deaths >= $4::integer THEN 'JOB_KILLED_WORKERS' END AS code
  FROM orphan
)
UPDATE ${tables.jobs} AS job SET
  state = CASE WHEN code IS NULL THEN 'pending' ELSE 'failed' END,
  taken_by = CASE WHEN code IS NOT NULL THEN taken_by END,
  started_at = CASE WHEN code IS NOT NULL THEN started_at END,
  completed_at = CASE WHEN code IS NULL THEN completed_at ELSE now() END,
  max_attempts = CASE WHEN code IS NULL THEN least(max_attempts::bigint + 1, 2147483647)::integer ELSE max_attempts END,
  meta = jsonb_set(CASE jsonb_typeof(meta) WHEN 'object' THEN meta ELSE '{}' END, '{recoveries}', to_jsonb(deaths)),
  errors = CASE WHEN code IS NULL THEN errors ELSE
    CASE jsonb_typeof(errors) WHEN 'array' THEN errors ELSE '[]' END || (
      SELECT jsonb_build_array(jsonb_build_object(
        'traceback', words, 'attempt', coalesce(attempts, 0), 'code', code, 'message', words))
      FROM (SELECT CASE code WHEN 'JOB_INTERRUPTED' THEN $5::text ELSE $6::text END || coalesce(': ' || taken_by, '') AS words) AS said
    ) END
FROM judged
WHERE job.id = judged.id
RETURNING job.id, job.queue, job.state`;
  return { text, values: parameters.values };
};

/** Whether a batch was as large as it may be, so that there may be more. */
export const isFullBatch = (rows: readonly unknown[]): boolean => rows.length >= mostRows;
