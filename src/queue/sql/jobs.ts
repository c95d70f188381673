import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';
import { notifying } from './notify.js';

/** Whole rows. $1 ids. By primary key. */
export const selectJobs = (tables: Tables): Statement => ({
  name: tables.statementName('select_jobs'),
  text: `SELECT * FROM ${tables.jobs} WHERE id = ANY($1::uuid[])`,
});

/** Only what waiting needs, as kwargs may be megabytes. $1 ids. By primary key. */
export const selectJobStates = (tables: Tables): Statement => ({
  name: tables.statementName('select_job_states'),
  text: `SELECT id, state FROM ${tables.jobs} WHERE id = ANY($1::uuid[])`,
});

/**
 * Ends a job that is not finished. $1 id, $2 text of the error, $3 its code, $4 its message, $5 channel or NULL. By primary key.
 * One row if there was something to cancel. `attempts` stays, as in Python.
 */
export const cancelJob = (tables: Tables): Statement => ({
  name: tables.statementName('cancel_job'),
  text: `
    WITH cancelled AS (
      UPDATE ${tables.jobs}
      SET state = 'failed',
        completed_at = now(),
        errors = CASE WHEN jsonb_typeof(errors) = 'array' THEN errors ELSE '[]' END || jsonb_build_array(
          jsonb_build_object(
            'traceback', $2::text, 'attempt', coalesce(attempts, 0), 'code', $3::text, 'message', $4::text
          )
        )
      WHERE id = $1::uuid AND state IN ('pending', 'retrying', 'running')
      RETURNING id
    )
    SELECT id, ${notifying('$5', "json_build_object('t', 'job.cancelled', 'j', id)::text")} FROM cancelled`,
});
