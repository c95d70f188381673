import type { Chancy } from '../../chancy.js';
import type { Statement } from '../../database/statement.js';
import type { QueryClient } from '../../job-store.js';
import type { Job } from '../../job.js';
import { formatNotification } from '../../notification.js';
import { unpackJob } from '../../packed-job.js';
import { sendNotifications } from '../../sql/send-notifications.js';
import {
  type StepJobRow,
  type StepStateRow,
  selectStepJobs,
  selectStepStates,
  startWorkflowSteps,
} from '../../sql/workflow-steps.js';
import { endWorkflows, lockWorkflows } from '../../sql/workflows.js';
import { type WorkflowEnd, progressOf } from './progress.js';
import { stepState, stepsByWorkflow } from './step-state.js';

/** The parts of an app that progress needs. */
export type WorkflowApp = Pick<Chancy, 'tables' | 'notifications' | 'pushManyEx'>;

export interface AdvanceOptions {
  /** What to do about a workflow that another has locked: wait for it to let go, or pass over it. */
  readonly busy: 'wait' | 'skip';
  /** The worker that finished steps of these workflows, where it is to be told to Python's workers. */
  readonly stepsCompletedBy?: string;
}

/** What happened to one workflow. */
export interface Advanced {
  readonly id: string;
  readonly name: string;
  /** Steps whose jobs were pushed. */
  readonly started: readonly string[];
  readonly end?: WorkflowEnd;
}

const run = async <Row>(client: QueryClient, { text }: Statement, values: unknown[]): Promise<Row[]> =>
  (await client.query({ text, values })).rows as Row[];

/**
 * Takes workflows as far as the states of their jobs allow, inside the caller's transaction: pushes the jobs of steps whose dependencies
 * have all succeeded, ends those whose steps have all succeeded or of which one has failed. Their rows are locked until the transaction
 * ends, so that no step is pushed twice; what is finished already is passed over.
 */
export const advanceWorkflows = async (
  client: QueryClient,
  app: WorkflowApp,
  ids: readonly string[],
  options: AdvanceOptions,
): Promise<Advanced[]> => {
  const { tables, notifications } = app;
  const channel = notifications ? tables.channel : null;
  const locked = await run<{ id: string; name: string }>(client, lockWorkflows(tables, options.busy), [ids]);
  if (locked.length === 0) return [];
  const lockedIds = locked.map(({ id }) => id);
  const rows = await run<StepStateRow>(client, selectStepStates(tables), [lockedIds]);
  const steps = stepsByWorkflow(rows);
  const plans = locked.map(({ id, name }) => ({
    id,
    name,
    progress: progressOf((steps.get(id) ?? []).map(stepState)),
  }));
  const starting = plans.flatMap(({ id, progress }) =>
    'start' in progress ? progress.start.map((step) => ({ workflow_id: id, step_id: step })) : [],
  );
  const jobs = await stepJobs(client, app, starting);
  const advanced = plans.map(({ id, name, progress }): Advanced => {
    if ('end' in progress) return { id, name, started: [], end: progress.end };
    const unreadable = jobs.unreadable.get(id);
    if (unreadable !== undefined) return { id, name, started: [], end: { state: 'failed', reason: unreadable } };
    return { id, name, started: progress.start };
  });
  await startSteps(
    client,
    app,
    jobs.readable.filter(({ workflowId }) => !jobs.unreadable.has(workflowId)),
  );
  const ended = advanced.flatMap(({ id, end }) => (end === undefined ? [] : [{ id, state: end.state }]));
  if (ended.length > 0) await run(client, endWorkflows(tables), [JSON.stringify(ended), channel]);
  if (channel !== null && options.stepsCompletedBy !== undefined) {
    const by = options.stepsCompletedBy;
    const payloads = lockedIds.map((id) => formatNotification('workflow.step_completed', { workflow_id: id, by }));
    await run(client, sendNotifications(), [channel, payloads]);
  }
  return advanced;
};

interface StepJob {
  readonly workflowId: string;
  readonly stepId: string;
  readonly job: Job;
}

const stepJobs = async (
  client: QueryClient,
  { tables }: WorkflowApp,
  starting: readonly { readonly workflow_id: string; readonly step_id: string }[],
): Promise<{ readable: StepJob[]; unreadable: Map<string, string> }> => {
  const readable: StepJob[] = [];
  const unreadable = new Map<string, string>();
  if (starting.length === 0) return { readable, unreadable };
  const rows = await run<StepJobRow>(client, selectStepJobs(tables), [JSON.stringify(starting)]);
  for (const { workflow_id: workflowId, step_id: stepId, job_data } of rows) {
    const unpacked = unpackJob(job_data);
    if (unpacked.ok) readable.push({ workflowId, stepId, job: stepJob(unpacked.job, workflowId) });
    else unreadable.set(workflowId, `${stepId}: its job cannot be pushed: ${unpacked.reason}`);
  }
  return { readable, unreadable };
};

/** A step's job was due "now" when its workflow was made: it is due now. */
const stepJob = (job: Job, workflowId: string): Job => {
  const isLater = job.scheduledAt !== undefined && job.scheduledAt.getTime() > Date.now();
  return job.withMeta({ ...job.meta, workflow_id: workflowId }).withScheduledAt(isLater ? job.scheduledAt : undefined);
};

const startSteps = async (client: QueryClient, app: WorkflowApp, steps: readonly StepJob[]): Promise<void> => {
  if (steps.length === 0) return;
  const references = await app.pushManyEx(
    client,
    steps.map(({ job }) => job),
  );
  const started = steps.map(({ workflowId, stepId }, index) => ({
    workflow_id: workflowId,
    step_id: stepId,
    job_id: references[index]?.identifier,
  }));
  await run(client, startWorkflowSteps(app.tables), [JSON.stringify(started)]);
};
