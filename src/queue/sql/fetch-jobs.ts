import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

/**
 * Claims jobs: those that are due and have attempts left, by priority and then id, passing over rows that another worker holds (wire
 * contract, section 4). NULL priority comes first, as DESC has it.
 *
 * Walks our index on (queue, priority DESC, id) of pending and retrying rows in its own order, so a backlog costs nothing; the rows
 * themselves are found by primary key. The ids go through an array because the planner takes an unknown LIMIT for a tenth of the table.
 */
const fetchText = ({ jobs }: Tables, filter: string): string => `
WITH due AS MATERIALIZED (
  SELECT id FROM ${jobs}
  WHERE queue = $1 AND state IN ('pending', 'retrying') AND attempts < max_attempts AND scheduled_at <= now()${filter}
  ORDER BY priority DESC, id
  LIMIT $2
  FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE ${jobs} SET state = 'running', started_at = now(), taken_by = $3
  WHERE id = ANY (ARRAY(SELECT id FROM due))
  RETURNING *
)
SELECT * FROM taken ORDER BY priority DESC, id`;

/** $1 queue, $2 most jobs, $3 worker. */
export const fetchJobs = (tables: Tables): Statement => ({
  name: tables.statementName('fetch_jobs'),
  text: fetchText(tables, ''),
});

/** $4 name of a kwarg, $5 its value, $6 whether jobs that do not name it, or name it as null, fit as well. */
export const fetchJobsByKwarg = (tables: Tables): Statement => ({
  name: tables.statementName('fetch_jobs_by_kwarg'),
  text: fetchText(tables, '\n    AND (kwargs ->> $4::text = $5::text OR ($6::boolean AND kwargs ->> $4 IS NULL))'),
});
