import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { sleep } from '../../lifecycle/sleep.js';
import { type Claim, Executor } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import type { Run } from './run.js';
import { failedJob, succeededJob } from './run-result.js';

/** A job whose earlier run still goes on here is not looked at again for this long, ms. */
const overlapDelayMs = 5000;

/**
 * What all executors of functions have in common: one `Run` for each job, its result, and runs that outlive theirs. Such a run keeps its
 * place in the queue until it ends, so that concurrency is never exceeded unseen, and its job is not begun again here meanwhile.
 */
export abstract class FunctionExecutor extends Executor {
  /** Runs whose function has not ended, reported or not. */
  readonly #runs = new Set<Run>();
  /** Those of them that are reported: their `push` is over, their function is not. */
  readonly #overdue = new Set<Run>();
  readonly #pushes = new Set<Promise<void>>();

  /** A run of `job`, not begun yet. */
  protected abstract runOf(job: QueuedJob): Run;

  /** How long a stop waits for what still runs once it was told to end, ms. */
  protected abstract readonly stopMs: number;

  override async push(job: QueuedJob): Promise<void> {
    if (this.#runsOf(job.id).length > 0) {
      await this.queue.release(job, overlapDelayMs);
      return;
    }
    const pushed = this.#run(job);
    this.#pushes.add(pushed);
    try {
      await pushed;
    } finally {
      this.#pushes.delete(pushed);
    }
  }

  override claims(running: number): readonly Claim[] {
    return super.claims(running + this.#overdue.size);
  }

  override cancel(jobId: string): boolean {
    const runs = this.#runsOf(jobId);
    for (const run of runs) run.abort(new SpoolgateError('JOB_CANCELLED'));
    return runs.length > 0;
  }

  /** Tells what still runs to end and waits for it, for `stopMs` at most. What throws then is given back to the queue, uncounted. */
  override async stop(): Promise<void> {
    for (const run of this.#runs) run.abort(new SpoolgateError('WORKER_STOPPING'));
    const ended = new AbortController();
    await Promise.race([Promise.allSettled(this.#pushes), sleep(this.stopMs, ended.signal)]);
    ended.abort();
  }

  #runsOf(jobId: string): readonly Run[] {
    return [...this.#runs].filter((run) => run.job.id === jobId);
  }

  async #run(job: QueuedJob): Promise<void> {
    const run = this.runOf(job);
    this.#runs.add(run);
    const outcome = await run.outcome();
    const meta = run.endMeta();
    if (run.hasSettled) this.#runs.delete(run);
    else void this.#forgetOnceSettled(run);
    if (outcome.kind === 'interrupted') await this.queue.release(job);
    else if (outcome.kind === 'succeeded') await this.queue.pushJobUpdate(succeededJob(job, meta));
    else await this.queue.pushJobUpdate(failedJob(job, meta, outcome.error));
    if (!run.hasSettled) this.#overdue.add(run);
  }

  async #forgetOnceSettled(run: Run): Promise<void> {
    await run.untilSettled();
    this.#runs.delete(run);
    if (this.#overdue.delete(run)) this.wake();
  }
}
