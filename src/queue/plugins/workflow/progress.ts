import { z } from 'zod';
import { graphFault } from './step-graph.js';

/** How far one step has come. `state` is its job's, null where there is no such row. */
export interface StepState {
  readonly stepId: string;
  /** As stored: another program may have written anything. */
  readonly dependencies: unknown;
  readonly jobId: string | null;
  readonly state: string | null;
  /** Last words of a job that failed. */
  readonly error?: string | undefined;
}

export type WorkflowEnd = { readonly state: 'completed' } | { readonly state: 'failed'; readonly reason: string };

/** What is to be done with a workflow: its end is recorded, or the jobs of these steps are pushed, which may be none. */
export type Progress = { readonly end: WorkflowEnd } | { readonly start: readonly string[] };

const names = z.array(z.string());

const failed = (reason: string): Progress => ({ end: { state: 'failed', reason } });

/**
 * Decides from what is committed now (wire contract, section 11). A workflow that can never end otherwise fails, with the reason: its
 * steps came from another program and wait for what is not there, or the row of a step's job has been deleted.
 */
export const progressOf = (steps: readonly StepState[]): Progress => {
  if (steps.length === 0) return failed('has no steps');
  if (steps.every(({ state }) => state === 'succeeded')) return { end: { state: 'completed' } };
  for (const { stepId, jobId, state, error } of steps) {
    if (state === 'failed')
      return failed(`${stepId}: its job ${jobId} failed${error === undefined ? '' : `: ${error}`}`);
    if (jobId !== null && state === null) return failed(`${stepId}: its job ${jobId} is gone`);
  }
  const graph = new Map<string, readonly string[]>();
  for (const { stepId, dependencies } of steps) {
    const parsed = names.safeParse(dependencies);
    if (!parsed.success) return failed(`${stepId}: its dependencies are not a list of steps`);
    graph.set(stepId, parsed.data);
  }
  const fault = graphFault(graph);
  if (fault !== undefined) return failed(fault);
  const succeeded = new Set(steps.filter(({ state }) => state === 'succeeded').map(({ stepId }) => stepId));
  const ready = ({ stepId, jobId }: StepState): boolean =>
    jobId === null && (graph.get(stepId) ?? []).every((dependency) => succeeded.has(dependency));
  return { start: steps.filter(ready).map(({ stepId }) => stepId) };
};
