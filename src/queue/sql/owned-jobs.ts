import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

export interface OwnedJobRow {
  readonly id: string;
  readonly queue: string;
}

/** What worker $1 runs, as the table has it. By our index on taken_by of running rows, or else by the one on (queue, state). */
export const ownedJobs = (tables: Tables): Statement => ({
  name: tables.statementName('owned_jobs'),
  text: `SELECT id, queue FROM ${tables.jobs} WHERE taken_by = $1 AND state = 'running'`,
});
