import { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import type { Chancy } from '../../chancy.js';
import { faultText } from '../../field.js';
import { isJobId } from '../../job-id.js';
import type { QueryClient } from '../../job-store.js';
import { packJob } from '../../packed-job.js';
import { type StepRow, selectSteps, upsertWorkflowSteps } from '../../sql/workflow-steps.js';
import { type WorkflowRow, listWorkflows, selectWorkflows, upsertWorkflow } from '../../sql/workflows.js';
import { type WaitOptions, pollUntil } from '../../wait-for-jobs.js';
import { advanceWorkflows } from './advance.js';
import { stepsByWorkflow } from './step-state.js';
import { type StoredWorkflow, type WorkflowState, storedWorkflow, workflowStates } from './stored-workflow.js';
import type { Workflow } from './workflow.js';

export interface ListWorkflowsOptions {
  /** Only these; all by default. */
  readonly states?: readonly WorkflowState[];
  /** At most so many, from 1 to 1000; 100 by default. */
  readonly limit?: number;
  /** Only workflows made before that of this id: the last of the page before. */
  readonly before?: string;
}

const listSchema = z.strictObject({
  states: z.array(z.enum(workflowStates)).readonly().optional(),
  limit: z.int().min(1).max(1000).default(100),
  before: z.string().refine(isJobId, 'is not an id').optional(),
});

/** Stores a workflow and pushes the jobs of its first steps, inside the caller's transaction. */
export const pushWorkflow = async (client: QueryClient, chancy: Chancy, workflow: Workflow): Promise<string> => {
  workflow.check();
  const { tables, notifications } = chancy;
  const { id, name } = workflow;
  const steps = [...workflow.steps].map(([step_id, { job, dependencies }]) => ({
    step_id,
    job_data: packJob(job),
    dependencies,
  }));
  const channel = notifications ? tables.channel : null;
  await client.query({ text: upsertWorkflow(tables).text, values: [id, name, channel] });
  await client.query({ text: upsertWorkflowSteps(tables).text, values: [id, JSON.stringify(steps)] });
  await advanceWorkflows(client, chancy, [id], { busy: 'wait' });
  return id;
};

export const getWorkflow = async ({ database, tables }: Chancy, id: string): Promise<StoredWorkflow | null> => {
  if (!isJobId(id)) return null;
  const rows = await database.query<WorkflowRow>(selectWorkflows(tables), [[id]]);
  const [workflow] = await withSteps({ database, tables }, rows);
  return workflow ?? null;
};

export const listStoredWorkflows = async (
  { database, tables }: Chancy,
  options: ListWorkflowsOptions,
): Promise<StoredWorkflow[]> => {
  const parsed = listSchema.safeParse(options);
  if (!parsed.success) throw new SpoolgateError('WORKFLOW_INVALID', { detail: `list: ${faultText(parsed.error)}` });
  const { states = null, limit, before = null } = parsed.data;
  const rows = await database.query<WorkflowRow>(listWorkflows(tables), [states, before, limit]);
  return withSteps({ database, tables }, rows);
};

const withSteps = async (
  { database, tables }: Pick<Chancy, 'database' | 'tables'>,
  rows: readonly WorkflowRow[],
): Promise<StoredWorkflow[]> => {
  if (rows.length === 0) return [];
  const steps = await database.query<StepRow>(selectSteps(tables), [rows.map(({ id }) => id)]);
  const byWorkflow = stepsByWorkflow(steps);
  return rows.map((row) => storedWorkflow(row, byWorkflow.get(row.id) ?? []));
};

/** How to wait for a workflow: as for a job. */
export type WaitForWorkflowOptions = Omit<WaitOptions, 'states'>;

export const waitForWorkflow = (
  chancy: Chancy,
  id: string,
  options: WaitForWorkflowOptions,
): Promise<StoredWorkflow | null> => {
  let steps = '';
  const look = async (): Promise<StoredWorkflow | null | undefined> => {
    const workflow = await getWorkflow(chancy, id);
    if (workflow === null || workflow.state === 'completed' || workflow.state === 'failed') return workflow;
    const succeeded = workflow.steps.filter(({ state }) => state === 'succeeded').length;
    steps = `${succeeded} of ${workflow.steps.length} steps`;
    return undefined;
  };
  return pollUntil(look, () => `only ${steps} of the workflow have succeeded`, options);
};
