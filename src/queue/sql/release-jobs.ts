import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

export interface ReleasedRow {
  readonly id: string;
}

const asNeverClaimed = `state = CASE WHEN attempts > 0 THEN 'retrying' ELSE 'pending' END, taken_by = NULL, started_at = NULL`;

/**
 * Gives job $1 back, uncounted, if worker $2 still has it in attempt $3; not before $4 ms from now, unless that is NULL. By primary key.
 */
export const releaseJob = (tables: Tables): Statement => ({
  name: tables.statementName('release_job'),
  text: `
UPDATE ${tables.jobs} SET ${asNeverClaimed},
  scheduled_at = CASE WHEN $4::float8 IS NULL THEN scheduled_at ELSE now() + make_interval(secs => $4 / 1000) END
WHERE id = $1 AND taken_by = $2 AND state = 'running' AND attempts = $3
RETURNING id`,
});

/**
 * Gives back the jobs of queue $1 that worker $2 claimed without hearing of it, as the answer was lost with the connection: all but
 * those in $3, which it knows. By the index on (queue, state).
 */
export const releaseUnknownJobs = (tables: Tables): Statement => ({
  name: tables.statementName('release_unknown_jobs'),
  text: `
UPDATE ${tables.jobs} SET ${asNeverClaimed}
WHERE queue = $1 AND state = 'running' AND taken_by = $2 AND NOT id = ANY ($3::uuid[])
RETURNING id`,
});

/**
 * Puts the running jobs that an earlier process of the same worker id $1 left behind back in line, as Chancy's recovery does (wire
 * contract, section 7): one more attempt is allowed. Recovery itself would never see them, as the id is alive again. By our index on
 * taken_by of running rows.
 */
export const requeueLeftJobs = (tables: Tables): Statement => ({
  name: tables.statementName('requeue_left_jobs'),
  text: `
UPDATE ${tables.jobs} SET state = 'pending', taken_by = NULL, started_at = NULL, max_attempts = max_attempts + 1
WHERE taken_by = $1 AND state = 'running'
RETURNING id`,
});
