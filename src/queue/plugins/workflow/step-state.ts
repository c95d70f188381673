import { z } from 'zod';
import type { StepStateRow } from '../../sql/workflow-steps.js';
import type { StepState } from './progress.js';

const longestError = 500;

/** An entry of a job's `errors`: Python has only the traceback, whose last line says what happened. */
const jobError = z.object({ message: z.string().optional(), traceback: z.string().optional() });

const errorText = (error: unknown): string | undefined => {
  const parsed = jobError.safeParse(error);
  if (!parsed.success) return undefined;
  const { message, traceback } = parsed.data;
  return (message ?? traceback?.trimEnd().split('\n').at(-1))?.slice(0, longestError);
};

/** A step's row as progress is decided from it. */
export const stepState = (row: StepStateRow): StepState => ({
  stepId: row.step_id,
  dependencies: row.dependencies,
  jobId: row.job_id,
  state: row.state,
  error: errorText(row.error),
});

/** Rows of several workflows, apart. */
export const stepsByWorkflow = <Row extends StepStateRow>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> => {
  const byWorkflow = new Map<string, Row[]>();
  for (const row of rows) {
    const steps = byWorkflow.get(row.workflow_id);
    if (steps === undefined) byWorkflow.set(row.workflow_id, [row]);
    else steps.push(row);
  }
  return byWorkflow;
};
