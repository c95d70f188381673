import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/**
 * Whole rows, the newest first, with the ids before and after each in the order of ids, by which a short form of its id can be told
 * apart. $1 states or NULL, $2 queue or NULL, $3 most rows. Backwards along the primary key, whose order is that of pushing: a rare state
 * or queue reads as much of it as it has to.
 */
export const listJobs = (tables: Tables): Statement => ({
  name: tables.statementName('list_jobs'),
  text: `
    SELECT listed.*,
      (SELECT id FROM ${tables.jobs} WHERE id < listed.id ORDER BY id DESC LIMIT 1) AS id_before,
      (SELECT id FROM ${tables.jobs} WHERE id > listed.id ORDER BY id LIMIT 1) AS id_after
    FROM (
      SELECT * FROM ${tables.jobs}
      WHERE ($1::text[] IS NULL OR state = ANY($1)) AND ($2::text IS NULL OR queue = $2)
      ORDER BY id DESC
      LIMIT $3
    ) AS listed
    ORDER BY listed.id DESC`,
});

/** Ids from $1 to $2, in order; $3 most rows. By primary key. */
export const selectIdRange = (tables: Tables): Statement => ({
  name: tables.statementName('select_id_range'),
  text: `SELECT id FROM ${tables.jobs} WHERE id BETWEEN $1::uuid AND $2::uuid ORDER BY id LIMIT $3`,
});
