import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';
import { notifying } from './notify.js';

/** Queues are few: a scan of the table, or a look by its primary key `name`. */

export const selectQueues = (tables: Tables): Statement => ({
  name: tables.statementName('select_queues'),
  text: `SELECT * FROM ${tables.queues} ORDER BY name`,
});

/** $1 name. */
export const selectQueue = (tables: Tables): Statement => ({
  name: tables.statementName('select_queue'),
  text: `SELECT * FROM ${tables.queues} WHERE name = $1`,
});

const written = [
  'state',
  'concurrency',
  'tags',
  'executor',
  'executor_options',
  'polling_interval',
  'rate_limit',
  'rate_limit_window',
  'resume_at',
  'eager_polling',
];

/** $1 name, $2..$11 the columns of `written`, $12 channel or NULL. Returns the row as it is then; always notifies, as Python does. */
const declare = (tables: Tables, name: string, onConflict: string): Statement => ({
  name: tables.statementName(name),
  text: `
    WITH declared AS (
      INSERT INTO ${tables.queues} AS queue (name, ${written.join(', ')})
      VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10::timestamptz, $11)
      ON CONFLICT (name) DO UPDATE SET ${onConflict}
      RETURNING queue.*
    )
    SELECT declared.*, ${notifying('$12', "json_build_object('t', 'queue.declared', 'q', name)::text")} AS notified
    FROM declared`,
});

/** A row that is there already wins; the update changes nothing and is there to return it. */
export const declareQueue = (tables: Tables): Statement => declare(tables, 'declare', 'state = queue.state');

/** Replaces everything but created_at. */
export const upsertQueue = (tables: Tables): Statement =>
  declare(tables, 'upsert_queue', written.map((column) => `${column} = excluded.${column}`).join(', '));

/** $1 name, $2 state, $3 time to resume at or NULL, $4 channel or NULL, $5 event. One row if there is such a queue. */
export const setQueueState = (tables: Tables): Statement => ({
  name: tables.statementName('set_queue_state'),
  text: `
    WITH changed AS (
      UPDATE ${tables.queues} SET state = $2, resume_at = $3::timestamptz WHERE name = $1 RETURNING name
    )
    SELECT name, ${notifying('$4', "json_build_object('t', $5::text, 'q', name)::text")} FROM changed`,
});

/**
 * $1 name, $2 whether its jobs go as well, $3 channel or NULL. The jobs are found by `idx_jobs_queue_state`. Workers that run one of
 * them are told to end it, as nothing is left that could take its result.
 */
export const deleteQueue = (tables: Tables): Statement => ({
  name: tables.statementName('delete_queue'),
  text: `
    WITH removed AS (
      DELETE FROM ${tables.queues} WHERE name = $1 RETURNING name
    ), purged AS (
      DELETE FROM ${tables.jobs} WHERE queue = $1 AND $2 RETURNING id, state
    ), told AS (
      SELECT ${notifying('$3', "json_build_object('t', 'job.cancelled', 'j', id)::text")} FROM purged WHERE state = 'running'
      UNION ALL
      SELECT ${notifying('$3', "json_build_object('t', 'queue.deleted', 'q', name)::text")} FROM removed
    )
    SELECT
      (SELECT count(*) FROM removed)::integer AS queues,
      (SELECT count(*) FROM purged)::integer AS jobs,
      (SELECT count(*) FROM told)::integer AS told`,
});
