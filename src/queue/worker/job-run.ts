import { errorEntry } from '../../errors/error-table.js';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { Executor, UpdateOutcome } from '../executor.js';
import type { JobCompletion } from '../plugin.js';
import type { QueuedJob } from '../queued-job.js';
import { releaseJob } from '../sql/release-jobs.js';
import { saveMeta } from '../sql/save-meta.js';
import { keepTrying } from './keep-trying.js';
import { isDataError } from './data-error.js';
import { thrownJobError } from './job-error.js';
import { type EndState, isEndState, metaText, runResult } from './run-result.js';
import type { WorkerContext } from './worker-context.js';

/** How long a job may be put off, ms: ten years. */
const longestDelayMs = 10 * 365 * 86_400_000;
/** A job whose earlier run still ends here is not claimed again for this long, ms. */
const overlapDelayMs = 5000;

/** One run of one claimed job on this worker: takes its one end, stores it, and tells plugins and events. */
export class JobRun {
  readonly fetched: QueuedJob;
  readonly #context: WorkerContext;
  readonly #executor: Pick<Executor, 'cancel'>;
  readonly #beganMs = performance.now();
  #end: Promise<UpdateOutcome> | undefined;
  #isCancelled = false;

  constructor(context: WorkerContext, fetched: QueuedJob, executor: Pick<Executor, 'cancel'>) {
    this.#context = context;
    this.fetched = fetched;
    this.#executor = executor;
  }

  /** Whether it has no end yet. */
  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** Takes and stores the end of the run; only the first one counts. `completion` tells plugins more than the job does. */
  update(job: QueuedJob, completion?: JobCompletion): Promise<UpdateOutcome> {
    if (!isEndState(job.state)) {
      return Promise.reject(new SpoolgateError('RESULT_INVALID', { detail: `state: is ${JSON.stringify(job.state)}` }));
    }
    if (this.#end !== undefined) return Promise.resolve(this.#refused());
    this.#end = this.#finish({ ...job, state: job.state }, completion ?? completionOf(job, this.fetched));
    return this.#end;
  }

  /** Ends the run as failed with what was thrown: for good if no attempt is left or trying again cannot help. */
  fail(error: unknown): Promise<UpdateOutcome> {
    const { fetched } = this;
    const attempts = fetched.attempts + 1;
    const isFinal =
      attempts >= fetched.maxAttempts || (error instanceof SpoolgateError && errorEntry(error.code).job === 'fail');
    return this.update(
      {
        ...fetched,
        state: isFinal ? 'failed' : 'retrying',
        attempts,
        completedAt: isFinal ? new Date() : null,
        errors: [...fetched.errors, thrownJobError(error, fetched.attempts)],
      },
      { error },
    );
  }

  /** Ends the run as if there had been none. */
  release(delayMs?: number): Promise<UpdateOutcome> {
    if (this.#end !== undefined) return Promise.resolve(this.#refused());
    this.#end = this.#giveBack(delayMs);
    return this.#end;
  }

  async saveMeta(job: QueuedJob): Promise<UpdateOutcome | 'dropped'> {
    if (this.#end !== undefined) return 'stale';
    const { database, tables, workerId, events } = this.#context;
    const { id, attempts } = this.fetched;
    const meta = metaText(job.meta);
    if (meta === undefined) {
      events.emit('worker.malformed', { what: 'job', id, reason: 'meta: is not a JSON object that can be stored' });
      return 'dropped';
    }
    try {
      const rows = await database.query(saveMeta(tables), [id, workerId, attempts, meta]);
      return rows.length > 0 ? 'stored' : 'stale';
    } catch (error) {
      if (isDataError(error)) events.trouble('saving meta', error);
      return 'dropped';
    }
  }

  /** Tells the executor, once, that nobody wants the run's result any more. */
  cancel(): void {
    if (this.#isCancelled || !this.isOpen) return;
    this.#isCancelled = true;
    const { id, queue } = this.fetched;
    const { events } = this.#context;
    events.emit('job.cancel_requested', { queue, jobId: id });
    try {
      this.#executor.cancel(id);
    } catch (error) {
      events.trouble(`cancelling a job of ${queue}`, error);
    }
  }

  /**
   * Recovery gave the job away while it ran here, and it was claimed here again. The run goes on as the run of that claim, unless it was
   * told to end: then the claim is given back, for later.
   */
  async claimedAgain(): Promise<void> {
    if (!this.#isCancelled) return;
    await this.#release(overlapDelayMs);
  }

  /** Resolves once the run's end is stored or refused; at once if it has none. */
  async untilStored(): Promise<void> {
    await this.#end;
  }

  #refused(): UpdateOutcome {
    const { id, queue, attempts } = this.fetched;
    this.#context.events.emit('job.result_refused', { queue, jobId: id, attempt: attempts });
    return 'stale';
  }

  async #finish(ended: QueuedJob & { state: EndState }, completion: JobCompletion): Promise<UpdateOutcome> {
    const { hooks, results, events } = this.#context;
    const ranMs = performance.now() - this.#beganMs;
    const hooked = await hooks.completed(ended, completion);
    const job = isEndState(hooked.state) ? { ...hooked, state: hooked.state } : ended;
    const { result, metaFault } = runResult(this.fetched, job);
    if (metaFault !== undefined) events.emit('worker.malformed', { what: 'job', id: result.id, reason: metaFault });
    const state = await results.write(result);
    if (state === undefined) return this.#refused();
    const { queue, func, attempts: attempt } = this.fetched;
    const last = result.errors.at(-1);
    events.emit('job.finished', {
      queue,
      jobId: result.id,
      func,
      attempt,
      state,
      ranMs,
      ...(last !== undefined && { error: last.message ?? last.traceback }),
    });
    await hooks.updated({ ...job, state: isEndState(state) ? state : job.state, attempts: result.attempts });
    return 'stored';
  }

  async #giveBack(delayMs: number | undefined): Promise<UpdateOutcome> {
    return (await this.#release(delayMs)) ? 'stored' : this.#refused();
  }

  async #release(delayMs: number | undefined): Promise<boolean> {
    const { workerId, tables, database } = this.#context;
    const { id, attempts } = this.fetched;
    const delay = delayMs !== undefined && delayMs > 0 ? Math.min(delayMs, longestDelayMs) : null;
    const rows = await keepTrying(this.#context, 'releasing a job', () =>
      database.query(releaseJob(tables), [id, workerId, attempts, delay]),
    );
    return rows !== undefined && rows.length > 0;
  }
}

const completionOf = (job: QueuedJob, fetched: QueuedJob): JobCompletion =>
  job.state === 'succeeded' ? {} : { error: job.errors.slice(fetched.errors.length).at(-1) };
