import type { QueuedJob } from './queued-job.js';

/** What became of a result: stored, or refused because the row has another owner, state or attempt by now. */
export type UpdateOutcome = 'stored' | 'stale';

/**
 * One request to the database for jobs that can run now. A worker turns each claim into one fetch.
 * With `kwarg`, only jobs whose `kwargs[kwarg.name]` equals `kwarg.equals` are claimed, and, with `orAbsent`, those that do not name it.
 */
export interface Claim {
  /** At most this many jobs. */
  readonly limit: number;
  readonly kwarg?: { readonly name: string; readonly equals: string; readonly orAbsent: boolean };
}

/** The queue as its executor sees it. */
export interface ExecutorQueue {
  readonly name: string;
  /** Jobs at once; null means the executor's own default. */
  readonly concurrency: number | null;
  /**
   * Stores what became of a job: `{ ...job, state, attempts, completedAt }`, with `attempts` one more than the job came with. Resolves
   * once the row is written, which may be long after the call when the database is away; results are kept until then. Errors listed in
   * `errors` beyond those that the job came with are appended. The write is refused (`stale`) unless this worker still owns the run.
   */
  pushJobUpdate(job: QueuedJob): Promise<UpdateOutcome>;
  /** Writes `job.meta` while the job runs. Best effort: dropped while the database is away. Resolves to `stale` when the run is no longer ours. */
  saveMeta(job: QueuedJob): Promise<UpdateOutcome | 'dropped'>;
  /** Gives a claimed job back, untouched and uncounted, as if it had never been claimed; `delayMs` keeps it from being claimed again at once. */
  release(job: QueuedJob, delayMs?: number): Promise<UpdateOutcome>;
}

/** A line that a job's code has written to the stdout or stderr of a process of its own. */
export interface JobOutput {
  readonly jobId: string;
  /** The 0-based number of the run. */
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export interface ExecutorContext {
  readonly workerId: string;
  readonly queue: ExecutorQueue;
  /** `executor_options` of the queue's row. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Asks the worker to fetch again now: something became free. */
  readonly wake: () => void;
  /** Tells a job's output to the listeners of events, logs among them. */
  readonly output?: (output: JobOutput) => void;
}

/**
 * Runs the jobs of one queue on one worker. Subclass it and implement `push`; all else has a default.
 *
 * `push` is called once for each claimed job and runs it to its end: when it resolves, the job's last state must have been given to
 * `this.queue.pushJobUpdate`. If it rejects, or resolves without that, the worker writes a failed run itself.
 */
export abstract class Executor {
  /** Jobs at once on one worker when the queue does not say. */
  static readonly defaultConcurrency: number = 1;

  readonly workerId: string;
  readonly queue: ExecutorQueue;
  readonly options: Readonly<Record<string, unknown>>;
  protected readonly wake: () => void;

  constructor(context: ExecutorContext) {
    this.workerId = context.workerId;
    this.queue = context.queue;
    this.options = context.options;
    this.wake = context.wake;
  }

  /** Runs one job to its end. `claim` is the one it was fetched with. */
  abstract push(job: QueuedJob, claim: Claim): Promise<void>;

  /**
   * What can run now, given how many jobs of this executor are running. The default fills up to the queue's concurrency. Claims of an
   * earlier call that have not come back as jobs are void.
   */
  claims(running: number): readonly Claim[] {
    const concurrency = this.queue.concurrency ?? (this.constructor as typeof Executor).defaultConcurrency;
    return running < concurrency ? [{ limit: concurrency - running }] : [];
  }

  /**
   * Somebody cancelled this job (its row is failed already). Returns whether the executor will end the run early; its late result is
   * refused either way.
   */
  cancel(_jobId: string): boolean {
    return false;
  }

  /** Called before the first claim. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  /** No job will be pushed any more and none runs, or the drain's time is up: let go of everything. Called once. */
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** How executors are registered: by a class, constructed as `new ExecutorClass(context)`. */
export type ExecutorClass = (new (context: ExecutorContext) => Executor) & Pick<typeof Executor, 'defaultConcurrency'>;
