import { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import { faultText, storedText } from '../../field.js';
import { newJobId } from '../../job-id.js';
import { Job } from '../../job.js';
import { workflowDot } from './dot.js';
import { graphFault } from './step-graph.js';

export interface WorkflowStep {
  readonly job: Job;
  /** Ids of the steps that must have succeeded before. */
  readonly dependencies: readonly string[];
}

/** An entry of a Postgres index ends at 2704 bytes, with the workflow's id and its header. */
const longestStepId = 2500;

const stepSchema = z.object({
  stepId: storedText({ least: 1, mostBytes: longestStepId }),
  dependencies: z.array(z.string()),
});
const nameSchema = storedText({ least: 1 });

const invalid = (detail: string): SpoolgateError => new SpoolgateError('WORKFLOW_INVALID', { detail });

/**
 * Steps, each a job, of which each runs when those that it depends on have succeeded. Build it with `add`, store it with
 * `WorkflowPlugin.push`; to push the same workflow again stores it again under the same id. Throws `WORKFLOW_INVALID`, naming the step.
 */
export class Workflow {
  readonly id: string = newJobId();
  readonly name: string;
  readonly #steps = new Map<string, WorkflowStep>();

  constructor(name: string) {
    const parsed = nameSchema.safeParse(name);
    if (!parsed.success) throw invalid(`name: ${faultText(parsed.error)}`);
    this.name = parsed.data;
  }

  /** By id, in the order in which they were added. */
  get steps(): ReadonlyMap<string, WorkflowStep> {
    return this.#steps;
  }

  /** Adds a step; those that it depends on may be added later. Throws for an id that is there already. */
  add(stepId: string, job: Job, dependencies: readonly string[] = []): this {
    const parsed = stepSchema.safeParse({ stepId, dependencies });
    if (!parsed.success) throw invalid(`steps.${stepId}: ${faultText(parsed.error)}`);
    if (this.#steps.has(stepId)) throw invalid(`steps.${stepId}: is there twice`);
    // A plain object from JavaScript has not been checked yet.
    const checked = job instanceof Job ? job : new Job(job);
    this.#steps.set(stepId, { job: checked, dependencies: [...new Set(dependencies)] });
    return this;
  }

  /** Throws for a workflow that could not come to its end: without steps, with an unknown dependency, with a circle. */
  check(): void {
    if (this.#steps.size === 0) throw invalid(`${this.name}: has no steps`);
    const fault = graphFault(new Map([...this.#steps].map(([id, { dependencies }]) => [id, dependencies])));
    if (fault !== undefined) throw invalid(fault);
  }

  /** The workflow in Graphviz's DOT language, whether it could be pushed or not. */
  toDot(): string {
    return workflowDot(
      this.name,
      new Map([...this.#steps].map(([id, { job, dependencies }]) => [id, { func: job.func, dependencies }])),
    );
  }
}

/** Steps one after the other: `step_0`, `step_1`, and so on. */
export class Sequence extends Workflow {
  constructor(name: string, jobs: Iterable<Job> = []) {
    super(name);
    for (const job of jobs) this.append(job);
  }

  /** Adds a step that waits for the one before. */
  append(job: Job): this {
    const at = this.steps.size;
    return this.add(`step_${at}`, job, at === 0 ? [] : [`step_${at - 1}`]);
  }
}
