import { z } from 'zod';
import { type JobState, jobStates } from '../../queued-job.js';
import { rowTime } from '../../row-time.js';
import type { StepRow } from '../../sql/workflow-steps.js';
import type { WorkflowRow } from '../../sql/workflows.js';
import { workflowDot } from './dot.js';
import { progressOf } from './progress.js';
import { stepState } from './step-state.js';

export const workflowStates = ['pending', 'running', 'completed', 'failed'] as const;
/** `running` is never written, by us or by Python, but may be read. */
export type WorkflowState = (typeof workflowStates)[number];

export interface StoredStep {
  readonly stepId: string;
  /** What the step runs, and in which queue; empty where another program packed a job that cannot be read. */
  readonly func: string;
  readonly queue: string;
  readonly dependencies: readonly string[];
  /** Null until the step's job has been pushed. */
  readonly jobId: string | null;
  /** The state of its job: null until it has been pushed, `missing` when its row has been deleted since. */
  readonly state: JobState | 'missing' | null;
}

/** A workflow as the database has it. Plain data. */
export interface StoredWorkflow {
  readonly id: string;
  readonly name: string;
  readonly state: WorkflowState;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
  /** In the order in which they were stored. */
  readonly steps: readonly StoredStep[];
  /** Why it failed, as far as the rows still tell; null for all others. */
  readonly reason: string | null;
}

const rowSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(workflowStates).catch('running'),
  created_at: rowTime.nullable(),
  updated_at: rowTime.nullable(),
});

const packedName = z.object({ f: z.string().catch(''), q: z.string().catch('') }).catch({ f: '', q: '' });
const names = z.array(z.string()).catch([]);
const knownState = z.enum(jobStates).catch('pending');

const storedStep = (row: StepRow): StoredStep => {
  const { f: func, q: queue } = packedName.parse(row.job_data);
  const state = row.state === null ? null : knownState.parse(row.state);
  return {
    stepId: row.step_id,
    func,
    queue,
    dependencies: names.parse(row.dependencies),
    jobId: row.job_id,
    state: row.job_id !== null && state === null ? 'missing' : state,
  };
};

/** Reads rows that any program may have written. */
export const storedWorkflow = (row: WorkflowRow, steps: readonly StepRow[]): StoredWorkflow => {
  const { id, name, state, created_at: createdAt, updated_at: updatedAt } = rowSchema.parse(row);
  return {
    id,
    name,
    state,
    createdAt,
    updatedAt,
    steps: steps.map(storedStep),
    reason: state === 'failed' ? failureReason(steps) : null,
  };
};

/** Chancy's tables have no place for it, but what made the workflow fail is still to be seen. */
const failureReason = (steps: readonly StepRow[]): string => {
  const progress = progressOf(steps.map(stepState));
  if ('end' in progress && progress.end.state === 'failed') return progress.end.reason;
  return 'what made it fail is not in the database any more';
};

/** A stored workflow in Graphviz's DOT language, its steps coloured by state. */
export const storedWorkflowDot = ({ name, steps }: StoredWorkflow): string =>
  workflowDot(name, new Map(steps.map((step) => [step.stepId, step])));
