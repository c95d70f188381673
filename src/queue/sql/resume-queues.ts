import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

export interface ResumedRow {
  readonly name: string;
}

/** Ends the pause of those of the queues $1 whose resume_at has passed, and tells everybody on channel $2, unless it is NULL. By primary key. */
export const resumeDueQueues = (tables: Tables): Statement => ({
  name: tables.statementName('resume_due_queues'),
  text: `
WITH resumed AS (
  UPDATE ${tables.queues} SET state = 'active', resume_at = NULL
  WHERE name = ANY ($1::text[]) AND state = 'paused' AND resume_at <= now()
  RETURNING name
)
SELECT name, CASE WHEN $2::text IS NOT NULL
  THEN pg_notify($2, json_build_object('t', 'queue.resumed', 'q', name)::text) END FROM resumed`,
});

export interface NextResumeRow {
  readonly ms: number | null;
}

/** Ms until the first pause of the queues $1 ends; null when none ends by itself. By primary key. */
export const nextResume = (tables: Tables): Statement => ({
  name: tables.statementName('next_resume'),
  text: `
SELECT (extract(epoch FROM min(resume_at) - now()) * 1000)::float8 AS ms FROM ${tables.queues}
WHERE name = ANY ($1::text[]) AND state = 'paused' AND isfinite(resume_at)`,
});
