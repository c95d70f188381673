import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

export interface FinishedRow {
  readonly id: string;
  readonly state: string;
}

const resultColumns =
  'id uuid, was int, attempts int, state text, scheduled_at timestamptz, max_attempts int, meta jsonb, errors jsonb';

const endState = `CASE WHEN r.state = 'retrying' AND r.attempts >= coalesce(r.max_attempts, j.max_attempts) THEN 'failed' ELSE r.state END`;

/**
 * Writes the ends of many runs at once: $1 is a JSON array with the columns above, $2 the worker. A row is left alone unless this worker
 * still has it, running, in the attempt that was fetched: others may have recovered, cancelled or finished it meanwhile. Returns the
 * rows that were written.
 *
 * The write set is Chancy's (wire contract, section 4) with the database's clock; started_at and an unchanged scheduled_at are not
 * touched, so they keep their microseconds. A retry without attempts left would never be fetched again, so it ends as failed.
 * By primary key. Not prepared: a plan made while the table was small would be kept after it has grown.
 */
export const finishJobs = ({ jobs }: Tables): Statement => ({
  text: `
UPDATE ${jobs} AS j SET
  state = ${endState},
  attempts = r.attempts,
  max_attempts = coalesce(r.max_attempts, j.max_attempts),
  completed_at = CASE WHEN ${endState} = 'retrying' THEN NULL ELSE now() END,
  scheduled_at = coalesce(r.scheduled_at, j.scheduled_at),
  meta = coalesce(r.meta, j.meta),
  errors = CASE jsonb_typeof(j.errors) WHEN 'array' THEN j.errors ELSE '[]' END || r.errors
FROM jsonb_to_recordset($1::jsonb) AS r (${resultColumns})
WHERE j.id = r.id AND j.taken_by = $2 AND j.state = 'running' AND j.attempts = r.was
RETURNING j.id, j.state`,
});

/**
 * Which of the results in $1 are in the table already: asked when the connection was lost after they were sent, as the answer was lost
 * then, perhaps not the write. taken_by keeps its value after a run. By primary key.
 */
export const findFinishedJobs = ({ jobs }: Tables): Statement => ({
  text: `
SELECT j.id, j.state FROM ${jobs} AS j
JOIN jsonb_to_recordset($1::jsonb) AS r (${resultColumns}) ON j.id = r.id
WHERE j.taken_by = $2 AND j.attempts = r.attempts AND j.state <> 'pending'`,
});
