import { isDeepStrictEqual } from 'node:util';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { backoffMs } from '../../lifecycle/backoff.js';
import { Service } from '../../lifecycle/service.js';
import type { Claim, Executor, ExecutorClass, ExecutorQueue } from '../executor.js';
import { type JobRow, parseJobRow } from '../job-row.js';
import type { StoredQueue } from '../queue-row.js';
import { releaseUnknownJobs } from '../sql/release-jobs.js';
import { Bell } from './bell.js';
import { fetchClaim, untilNextDue } from './fetcher.js';
import { JobRun } from './job-run.js';
import { unreadableJob } from './unreadable-job.js';
import type { WorkerContext } from './worker-context.js';

/** How often a queue is looked at that asks for notifications only: one may be lost. */
const safetyPollMs = 60_000;
const shortestPollMs = 100;
/** A queue under load is not asked for its next due time more often than this. */
const dueCheckMs = 500;
const mostPerClaim = 1000;
const backoff = { initialMs: 200, limitMs: 10_000 };

export interface QueueRunnerOptions {
  readonly queue: StoredQueue;
  readonly executorClass: ExecutorClass;
  /** Called when the last running job has ended while the runner is held. */
  readonly onHeldEmpty: () => void;
}

/** Serves one queue on one worker: claims what its executor can take, runs it, and claims again. */
export class QueueRunner extends Service {
  readonly #context: WorkerContext;
  readonly #options: QueueRunnerOptions;
  readonly #bell = new Bell();
  readonly #ended = new AbortController();
  #queue: StoredQueue;
  #executor: Executor | undefined;
  #loop: Promise<void> | undefined;
  #running = 0;
  #isHeld = false;
  /** A claim may have been made that we have not heard of. */
  #mayHaveUnknown = false;
  #lastDueCheckMs = -Infinity;

  constructor(context: WorkerContext, options: QueueRunnerOptions) {
    super();
    this.#context = context;
    this.#options = options;
    this.#queue = options.queue;
  }

  /** Jobs between their claim and the end of their run. */
  get running(): number {
    return this.#running;
  }

  /** Whether a row can be followed without another executor. */
  canBecome(queue: StoredQueue, executorClass: ExecutorClass): boolean {
    return (
      executorClass === this.#options.executorClass &&
      queue.executor === this.#queue.executor &&
      isDeepStrictEqual(queue.executorOptions, this.#queue.executorOptions)
    );
  }

  /** Follows the row from now on; jobs that run are not touched. */
  become(queue: StoredQueue): void {
    const isChanged = !isDeepStrictEqual(queue, this.#queue);
    const wasHeld = this.#isHeld;
    this.#queue = queue;
    this.#isHeld = false;
    if (isChanged) this.#context.events.emit('worker.queue.updated', { queue: queue.name });
    // What woke it while it was held was not heeded.
    if (isChanged || wasHeld) this.wake();
  }

  /** Claims nothing more, until `become`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Looks for jobs now. */
  wake(): void {
    this.#bell.ring();
  }

  /** Looks for jobs that were claimed in a moment when the database was lost, and gives them back. */
  checkUnknown(): void {
    this.#mayHaveUnknown = true;
    this.wake();
  }

  protected async onStart(): Promise<void> {
    const { workerId, events } = this.#context;
    const { executorClass: Class } = this.#options;
    const { name, executor, executorOptions, concurrency } = this.#queue;
    const wake = (): void => this.wake();
    this.#executor = new Class({
      workerId,
      queue: this.#executorQueue(),
      options: executorOptions,
      wake,
      output: (output) => events.emit('job.output', { queue: name, ...output }),
    });
    await this.#executor.start();
    events.emit('worker.queue.started', {
      queue: name,
      executor,
      concurrency: concurrency ?? Class.defaultConcurrency,
    });
    this.#loop = this.#serve(this.#executor);
  }

  /** Ends the claiming, then the executor; jobs that run are the executor's to end. */
  protected async onStop(): Promise<void> {
    await this.endClaims();
    await this.#executor?.stop();
  }

  /** Resolves once no claim is under way and none will be. */
  async endClaims(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
  }

  #executorQueue(): ExecutorQueue {
    const { running } = this.#context;
    const concurrencyNow = (): number | null => this.#queue.concurrency;
    return {
      name: this.#queue.name,
      get concurrency() {
        return concurrencyNow();
      },
      pushJobUpdate: async (job) => (await running.get(job.id)?.update(job)) ?? 'stale',
      saveMeta: async (job) => (await running.get(job.id)?.saveMeta(job)) ?? 'stale',
      release: async (job, delayMs) => (await running.get(job.id)?.release(delayMs)) ?? 'stale',
    };
  }

  get #mayClaim(): boolean {
    return !this.#isHeld && !this.#ended.signal.aborted && this.#queue.state === 'active';
  }

  get #pollMs(): number {
    const seconds = this.#queue.pollingInterval;
    return seconds === null ? safetyPollMs : Math.max(shortestPollMs, seconds * 1000);
  }

  async #serve(executor: Executor): Promise<void> {
    const { events, database } = this.#context;
    const { signal } = this.#ended;
    const doing = `claiming jobs of ${this.#queue.name}`;
    for (let failures = 0; !signal.aborted;) {
      try {
        const waitMs = await this.#claimAll(executor);
        failures = 0;
        events.well(doing);
        await this.#bell.wait(waitMs, signal);
      } catch (error) {
        // The claim may have been committed and only its answer lost.
        this.#mayHaveUnknown = true;
        events.trouble(doing, error);
        await database.pause(backoffMs(failures, backoff), signal);
        failures += 1;
      }
    }
  }

  /** Claims until the executor is full or no job is due. Returns how long to wait for the next look, ms. */
  async #claimAll(executor: Executor): Promise<number> {
    if (this.#mayHaveUnknown) await this.#releaseUnknown();
    this.#mayHaveUnknown = false;
    for (;;) {
      const claims = this.#mayClaim ? usable(executor.claims(this.#running)) : [];
      if (claims.length === 0) return this.#pollMs;
      let mayBeMore = false;
      for (const claim of claims) {
        if (!this.#mayClaim) return this.#pollMs;
        const { rows, limitedMs } = await fetchClaim(this.#context, this.#queue, claim);
        // The executor knows what it has only once it has got it: ask for its next claims after that.
        await Promise.all(rows.map((row) => this.#take(row, claim, executor)));
        if (limitedMs !== undefined) return Math.min(this.#pollMs, Math.ceil(limitedMs) + 1);
        mayBeMore ||= rows.length >= claim.limit;
      }
      if (!mayBeMore) return this.#untilDue();
    }
  }

  async #untilDue(): Promise<number> {
    const sinceMs = performance.now() - this.#lastDueCheckMs;
    if (sinceMs < dueCheckMs) return Math.min(this.#pollMs, dueCheckMs - sinceMs);
    this.#lastDueCheckMs = performance.now();
    return untilNextDue(this.#context, this.#queue.name, this.#pollMs);
  }

  async #releaseUnknown(): Promise<void> {
    const { database, tables, workerId, running } = this.#context;
    const { name } = this.#queue;
    const known = running.of(name).map(({ fetched }) => fetched.id);
    await database.query(releaseUnknownJobs(tables), [name, workerId, known]);
  }

  /** Begins the run of a claimed row. Resolves once the executor has it, or it has ended otherwise. */
  #take(row: JobRow, claim: Claim, executor: Executor): Promise<void> {
    const { running, events } = this.#context;
    const underWay = running.get(row.id);
    if (underWay !== undefined) {
      void underWay.claimedAgain();
      return Promise.resolve();
    }
    const parsed = parseJobRow(row);
    const job = parsed.ok ? parsed.job : unreadableJob(row, this.#queue.name);
    const run = new JobRun(this.#context, job, executor);
    running.add(run);
    this.#running += 1;
    if (!parsed.ok) {
      events.emit('worker.malformed', { what: 'job', id: parsed.id, reason: parsed.reason });
      void this.#until(run, () => run.fail(new SpoolgateError('JOB_UNREADABLE', { detail: parsed.reason })));
      return Promise.resolve();
    }
    if (this.#ended.signal.aborted) {
      void this.#until(run, () => run.release());
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      void this.#until(run, () => this.#execute(run, claim, executor, resolve)).then(resolve);
    });
  }

  async #execute(run: JobRun, claim: Claim, executor: Executor, onPushed: () => void): Promise<void> {
    const { events, hooks } = this.#context;
    const { id, func, attempts, startedAt, scheduledAt } = run.fetched;
    const waitedMs = Math.max(0, (startedAt?.getTime() ?? 0) - scheduledAt.getTime());
    events.emit('job.claimed', { queue: this.#queue.name, jobId: id, func, attempt: attempts, waitedMs });
    try {
      const job = await hooks.starting(run.fetched);
      const pushed = executor.push(job, claim);
      onPushed();
      await pushed;
      if (run.isOpen) await run.fail(new SpoolgateError('EXECUTOR_NO_RESULT'));
    } catch (error) {
      if (run.isOpen) await run.fail(error);
      else events.trouble(`push() of ${this.#queue.executor}, after the result`, error);
    }
  }

  /** Lets the run come to its end and its result to the table, then makes room. */
  async #until(run: JobRun, end: () => Promise<unknown>): Promise<void> {
    try {
      await end();
      await run.untilStored();
    } catch (error) {
      this.#context.events.trouble(`ending a job of ${this.#queue.name}`, error);
    } finally {
      this.#context.running.remove(run);
      this.#running -= 1;
      this.wake();
      if (this.#running === 0 && this.#isHeld) this.#options.onHeldEmpty();
    }
  }
}

const usable = (claims: readonly Claim[]): readonly Claim[] =>
  claims
    .map((claim) => ({ ...claim, limit: Math.min(Math.floor(claim.limit), mostPerClaim) }))
    .filter(({ limit }) => limit > 0);
