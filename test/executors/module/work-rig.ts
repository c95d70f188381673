import { expect } from 'vitest';
import type { JobFunction } from '../../../src/executors/functions/job-function.js';
import { ModuleExecutor } from '../../../src/executors/module/module-executor.js';
import type { ModuleExecutorOptions } from '../../../src/executors/module/module-options.js';
import type { Executor } from '../../../src/queue/executor.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { claimedJob, recordingContext } from '../../contracts/executor-jobs.js';

export const anyClaim = { limit: 1 };

/** A ModuleExecutor with two places over a recording queue, and jobs for its function `work`. */
export class WorkRig {
  readonly context = recordingContext({ concurrency: 2 });

  executor(options: ModuleExecutorOptions): Executor {
    return new (ModuleExecutor.with(options))(this.context);
  }

  executorFor(work: JobFunction, graceMs = 20): Executor {
    return this.executor({ functions: { work }, graceMs });
  }

  /** A claimed job with three attempts. */
  job(fields: Partial<QueuedJob> = {}): QueuedJob {
    return this.context.queue.claim(claimedJob({ func: 'work', maxAttempts: 3, ...fields }));
  }

  /** The one result that was reported. */
  resultOf(job: QueuedJob): QueuedJob {
    const updates = this.context.queue.of(job.id, 'update');
    expect(updates).toHaveLength(1);
    return updates[0]!.job;
  }

  async run(work: JobFunction, fields: Partial<QueuedJob> = {}): Promise<QueuedJob> {
    const job = this.job(fields);
    await this.executorFor(work).push(job, anyClaim);
    return this.resultOf(job);
  }
}

export const messageOf = (job: QueuedJob): string | undefined => job.errors.at(-1)?.message;
