import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

/** Writes meta $4 of job $1 while worker $2 runs its attempt $3; no row when the run is no longer ours. By primary key. */
export const saveMeta = (tables: Tables): Statement => ({
  name: tables.statementName('save_meta'),
  text: `
UPDATE ${tables.jobs} SET meta = $4
WHERE id = $1 AND taken_by = $2 AND state = 'running' AND attempts = $3
RETURNING id`,
});
