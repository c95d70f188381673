import { expect } from 'vitest';
import type { Executor, ExecutorContext } from '../../../src/queue/executor.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { claimedJob, recordingContext } from '../../contracts/executor-jobs.js';

/** Executors over recording queues, and jobs for the functions of `run-tasks`. */
export class IsolatedRig<Options> {
  readonly #make: (context: ExecutorContext, options: Partial<Options>) => Executor;
  readonly #executors: Executor[] = [];
  context = recordingContext({ concurrency: 2 });

  constructor(make: (context: ExecutorContext, options: Partial<Options>) => Executor) {
    this.#make = make;
  }

  /** An executor with two places over a queue of its own, stopped by `end`. */
  executor(options: Partial<Options> = {}, row: Record<string, unknown> = {}): Executor {
    this.context = recordingContext({ concurrency: 2, options: row });
    const executor = this.#make(this.context, options);
    this.#executors.push(executor);
    return executor;
  }

  /** A claimed job with three attempts, for a function of `run-tasks`. */
  job(task: string, fields: Partial<QueuedJob> = {}): QueuedJob {
    return this.context.queue.claim(claimedJob({ func: `run-tasks.${task}`, maxAttempts: 3, ...fields }));
  }

  /** The one result that was reported. */
  resultOf(job: QueuedJob): QueuedJob {
    const updates = this.context.queue.of(job.id, 'update');
    expect(updates).toHaveLength(1);
    return updates[0]!.job;
  }

  async run(executor: Executor, task: string, fields: Partial<QueuedJob> = {}): Promise<QueuedJob> {
    const job = this.job(task, fields);
    await executor.push(job, { limit: 1 });
    return this.resultOf(job);
  }

  /** Begins a job; `begun` is when it has said so by its progress. */
  begin(executor: Executor, task: string, fields: Partial<QueuedJob> = {}) {
    const job = this.job(task, fields);
    const pushed = executor.push(job, { limit: 1 });
    const begun = this.context.queue.until(() => this.context.queue.of(job.id, 'meta').length > 0);
    return { job, pushed, begun };
  }

  async end(): Promise<void> {
    await Promise.all(this.#executors.splice(0).map((executor) => executor.stop()));
  }
}

interface Seen {
  readonly threadId: number;
  readonly pid: number;
  readonly [key: string]: unknown;
}

/** What the function `look` has seen. */
export const seenBy = (job: QueuedJob): Seen => job.meta['seen'] as Seen;
