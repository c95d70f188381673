import type { Statement } from '../database/database.js';
import type { Rule } from '../plugins/rules/rule.js';
import { RuleParameters } from '../plugins/rules/rule.js';
import type { Tables } from '../tables.js';

interface PruneOptions {
  readonly rule: Rule;
  /** Most rows. In the text, as the planner takes an unknown LIMIT for a tenth of the table. */
  readonly batchSize: number;
  /** An expression on which there is an index, so that the rule reads from one end of it. */
  readonly order?: string;
  /** Whether there are tables of workflows, whose steps look for their jobs until the workflow has ended. */
  readonly hasWorkflows: boolean;
}

/**
 * Deletes finished jobs that the rule means, but not those that an unfinished workflow looks at; rows that somebody holds are left for the
 * next time. The default rule is served by the pruner's own index; others read what they have to. Deleted by primary key.
 */
export const pruneJobs = (
  tables: Tables,
  { rule, batchSize, order, hasWorkflows }: PruneOptions,
): Statement & { readonly values: readonly unknown[] } => {
  const parameters = new RuleParameters();
  const condition = rule.toSql(parameters);
  const text = `
WITH old AS MATERIALIZED (
  SELECT id FROM ${tables.jobs}
  WHERE state IN ('succeeded', 'failed') AND ${condition}${hasWorkflows ? unusedBySteps(tables) : ''}
  ${order === undefined ? '' : `ORDER BY ${order}`}
  LIMIT ${batchSize}
  FOR UPDATE SKIP LOCKED
)
DELETE FROM ${tables.jobs} WHERE id = ANY (ARRAY(SELECT id FROM old))`;
  return { text, values: parameters.values };
};

/** By the index on the workflows' state, once for the whole statement. */
const unusedBySteps = (tables: Tables): string => `
  AND id NOT IN (
    SELECT step.job_id FROM ${tables.table('workflow_steps')} AS step
    JOIN ${tables.table('workflows')} AS workflow ON workflow.id = step.workflow_id
    WHERE workflow.state IN ('pending', 'running') AND step.job_id IS NOT NULL
  )`;

export interface TablesThereRow {
  readonly there: boolean;
}

/** Whether the tables of workflows are there. From the catalogue. */
export const findWorkflows = (): Statement => ({
  text: 'SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL AS there',
});
