import type { Statement } from '../database/database.js';
import { type Rule, RuleParameters } from '../plugins/rules/rule.js';
import type { Tables } from '../tables.js';

export interface LastIdRow {
  readonly id: string;
}

/** The greatest id. By primary key. */
export const lastJobId = (tables: Tables): Statement => ({
  text: `SELECT id FROM ${tables.jobs} ORDER BY id DESC LIMIT 1`,
});

export interface RaisedRow {
  /** How many rows were read. */
  readonly seen: number;
  /** The greatest of their ids; null when there were none. */
  readonly last: string | null;
}

interface RaiseOptions {
  readonly rule: Rule;
  readonly by: number;
  /** Only ids after this one, up to that one: each batch of a pass begins where the last one ended. */
  readonly after: string;
  readonly upTo: string;
  readonly batchSize: number;
}

/**
 * Raises the priority of waiting jobs that the rule means, within the range of an integer; NULL, which runs before all others, stays. Rows
 * that somebody holds are left for the next pass. Along the primary key, of which all batches of a pass together read each entry once.
 */
export const raisePriority = (
  tables: Tables,
  { rule, by, after, upTo, batchSize }: RaiseOptions,
): Statement & { readonly values: readonly unknown[] } => {
  const parameters = new RuleParameters([after, upTo, by]);
  const condition = rule.toSql(parameters);
  const text = `
WITH meant AS MATERIALIZED (
  SELECT id FROM ${tables.jobs}
  WHERE id > $1::uuid AND id <= $2::uuid AND state IN ('pending', 'retrying') AND priority IS NOT NULL AND ${condition}
  ORDER BY id
  LIMIT ${batchSize}
  FOR UPDATE SKIP LOCKED
), raised AS (
  UPDATE ${tables.jobs} SET priority = greatest(least(priority::bigint + $3::integer, 2147483647), -2147483648)::integer
  WHERE id = ANY (ARRAY(SELECT id FROM meant))
)
SELECT count(*)::integer AS seen, (SELECT id FROM meant ORDER BY id DESC LIMIT 1) AS last FROM meant`;
  return { text, values: parameters.values };
};
