import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/** Every worker's last heartbeat: a handful of rows. */
export const selectWorkers = (tables: Tables): Statement => ({
  name: tables.statementName('select_workers'),
  text: `SELECT * FROM ${tables.workers} ORDER BY worker_id`,
});
