import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { sleep } from '../../lifecycle/sleep.js';
import { type Claim, Executor, type ExecutorContext } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { FunctionLookup } from '../functions/function-lookup.js';
import { FunctionRun } from '../functions/function-run.js';
import { type AllowedModules, allowedModules, type ModuleExecutorOptions, rowRoots } from './module-options.js';
import { failedJob, succeededJob } from '../functions/run-result.js';

/** A job whose earlier run still goes on here is not looked at again for this long, ms. */
const overlapDelayMs = 5000;

const nothingAllowed = allowedModules({});

/**
 * Runs jobs whose `func` names a function of this process: `tasks.mail.send` (module and export, split at the last dot),
 * `./tasks/mail.js#send`, or a registered name. Used as such it allows nothing; `ModuleExecutor.with({ roots, functions })` gives a class
 * that does. `executor_options.roots` of the queue's row may narrow the roots, never widen them.
 *
 * The function shares the worker's thread. Told to end (cancel, time limit) it has `graceMs`; if it goes on, its run is reported failed, its
 * late result is dropped, and its place in the queue stays taken until it ends, so that concurrency is never exceeded unseen. The same job
 * is not begun again on this worker meanwhile; another worker may. A rejection that the function leaves unhandled is not caught here: it
 * ends the process, as Node has it.
 */
export class ModuleExecutor extends Executor {
  /** Most job functions wait for something; those that compute share one thread whatever the number. */
  static override readonly defaultConcurrency: number = 10;

  protected static readonly allowed: AllowedModules = nothingAllowed;

  readonly #graceMs: number;
  readonly #lookup: FunctionLookup;
  /** Runs whose function has not ended, reported or not. */
  readonly #runs = new Set<FunctionRun>();
  /** Those of them that are reported: their `push` is over, their function is not. */
  readonly #overdue = new Set<FunctionRun>();
  readonly #pushes = new Set<Promise<void>>();

  /** A class for a queue's `executor` that runs what `options` allow. Throws CONFIG_INVALID. */
  static with(options: ModuleExecutorOptions): typeof ModuleExecutor {
    const allowed = allowedModules(options);
    class Configured extends ModuleExecutor {
      protected static override readonly allowed = allowed;
    }
    Object.defineProperty(Configured, 'name', { value: allowed.name });
    return Configured;
  }

  /** Throws QUEUE_INVALID where the row's options are not `{ roots? }`. */
  constructor(context: ExecutorContext) {
    super(context);
    const { allowed } = this.constructor as typeof ModuleExecutor;
    this.#graceMs = allowed.graceMs;
    this.#lookup = new FunctionLookup(allowed, rowRoots(this.queue.name, this.options));
  }

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

  /** Tells what still runs to end and waits for it, for the grace at most. What throws then is given back to the queue, uncounted. */
  override async stop(): Promise<void> {
    for (const run of this.#runs) run.abort(new SpoolgateError('WORKER_STOPPING'));
    const ended = new AbortController();
    await Promise.race([Promise.allSettled(this.#pushes), sleep(this.#graceMs, ended.signal)]);
    ended.abort();
  }

  #runsOf(jobId: string): readonly FunctionRun[] {
    return [...this.#runs].filter((run) => run.job.id === jobId);
  }

  async #run(job: QueuedJob): Promise<void> {
    const run = new FunctionRun({
      job,
      queue: this.queue,
      graceMs: this.#graceMs,
      find: (func) => this.#lookup.find(func),
    });
    this.#runs.add(run);
    const outcome = await run.outcome();
    const meta = run.meta.end();
    if (run.hasSettled) this.#runs.delete(run);
    else void this.#forgetOnceSettled(run);
    if (outcome.kind === 'interrupted') await this.queue.release(job);
    else if (outcome.kind === 'succeeded') await this.queue.pushJobUpdate(succeededJob(job, meta));
    else await this.queue.pushJobUpdate(failedJob(job, meta, outcome.error));
    if (!run.hasSettled) this.#overdue.add(run);
  }

  async #forgetOnceSettled(run: FunctionRun): Promise<void> {
    await run.untilSettled();
    this.#runs.delete(run);
    if (this.#overdue.delete(run)) this.wake();
  }
}
