import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/** How far a step has come: `state` and `error` are those of its job, NULL where there is no such row. */
export interface StepStateRow {
  readonly workflow_id: string;
  readonly step_id: string;
  readonly dependencies: unknown;
  readonly job_id: string | null;
  readonly state: string | null;
  readonly error: unknown;
}

export interface StepRow extends StepStateRow {
  readonly job_data: unknown;
}

export interface StepJobRow {
  readonly workflow_id: string;
  readonly step_id: string;
  readonly job_data: unknown;
}

/**
 * Stores steps; one that is there keeps its job. $1 workflow, $2 array of {step_id, job_data, dependencies} as JSON. By
 * `workflows_steps_unique_idx`.
 */
export const upsertWorkflowSteps = (tables: Tables): Statement => ({
  text: `
    INSERT INTO ${tables.table('workflow_steps')} (workflow_id, step_id, job_data, dependencies)
    SELECT $1::uuid, step_id, job_data, dependencies
    FROM ROWS FROM (json_to_recordset($2::json) AS (step_id text, job_data jsonb, dependencies jsonb))
      WITH ORDINALITY AS input (step_id, job_data, dependencies, n)
    ORDER BY n
    ON CONFLICT (workflow_id, step_id) DO UPDATE
    SET job_data = excluded.job_data, dependencies = excluded.dependencies, updated_at = now()`,
});

const steps = (tables: Tables, more: string): string => `
    SELECT step.workflow_id, step.step_id, step.dependencies, step.job_id, job.state,
      CASE WHEN job.state = 'failed' THEN job.errors -> -1 END AS error${more}
    FROM ${tables.table('workflow_steps')} AS step LEFT JOIN ${tables.jobs} AS job ON job.id = step.job_id
    WHERE step.workflow_id = ANY($1::uuid[])
    ORDER BY step.id`;

/**
 * How far the steps of some workflows have come, in the order in which they were stored; without their jobs, which may be megabytes. $1
 * workflow ids. By `workflow_steps_workflow_id_idx`, and by the primary key of jobs.
 */
export const selectStepStates = (tables: Tables): Statement => ({ text: steps(tables, '') });

/** The same, with the packed jobs. */
export const selectSteps = (tables: Tables): Statement => ({ text: steps(tables, ', step.job_data') });

/** The packed jobs of some steps. $1 array of {workflow_id, step_id} as JSON. By `workflows_steps_unique_idx`. */
export const selectStepJobs = (tables: Tables): Statement => ({
  text: `
    SELECT workflow_id, step_id, job_data
    FROM json_to_recordset($1::json) AS input (workflow_id uuid, step_id text)
    JOIN ${tables.table('workflow_steps')} USING (workflow_id, step_id)`,
});

/** Gives steps their jobs. $1 array of {workflow_id, step_id, job_id} as JSON. By `workflows_steps_unique_idx`. */
export const startWorkflowSteps = (tables: Tables): Statement => ({
  text: `
    UPDATE ${tables.table('workflow_steps')} AS step SET job_id = input.job_id, updated_at = now()
    FROM json_to_recordset($1::json) AS input (workflow_id uuid, step_id text, job_id uuid)
    WHERE step.workflow_id = input.workflow_id AND step.step_id = input.step_id`,
});
