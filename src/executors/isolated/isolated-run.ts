import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { ExecutorQueue } from '../../queue/executor.js';
import type { Limit } from '../../queue/limit.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { deadline } from '../functions/deadline.js';
import { RunMeta } from '../functions/run-meta.js';
import type { Run, RunOutcome } from '../functions/run.js';
import { thrownError } from '../functions/thrown-error.js';
import type { AllowedSources, RunEnd, RunOrder, RunReport } from './messages.js';
import type { Runner, StartRunner } from './runner.js';

/** A thread or process has this long to take its run, ms. */
const startLimitMs = 60_000;
/** What was ended by force has this long to be gone before its run is reported without it, ms. */
export const killWaitMs = 1000;
/** An idle thread or process may die in the moment in which it is given a run: another one is tried, so often in all. */
const mostStarts = 3;

export interface IsolatedRunOptions {
  readonly job: QueuedJob;
  readonly queue: ExecutorQueue;
  readonly allowed: AllowedSources;
  /** How long the function has to end once it was told to, before it is ended by force, ms. */
  readonly graceMs: number;
  readonly start: StartRunner;
}

const orderOf = ({ job, allowed }: IsolatedRunOptions): RunOrder => {
  const { id, queue, func, kwargs, meta, attempts, maxAttempts } = job;
  return { job: { id, queue, func, kwargs, meta, attempts, maxAttempts }, allowed };
};

const once = <Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } => {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

/** One run of a job's function in a thread or process of its own: told to end, and made to where it does not. */
export class IsolatedRun implements Run {
  readonly job: QueuedJob;
  readonly #options: IsolatedRunOptions;
  readonly #meta: RunMeta;
  readonly #outcome = once<RunOutcome>();
  readonly #settled = once<void>();
  #hasSettled = false;
  #reason: SpoolgateError | undefined;
  #runner: Runner | undefined;
  #starts = 0;
  #hasBegun = false;
  #isKilled = false;
  /** Cancels the one timer that waits for the run to get on: to start, to heed its abort, to be gone. */
  #cancelWait: () => void = () => undefined;
  #cancelLimit: () => void = () => undefined;

  constructor(options: IsolatedRunOptions) {
    this.job = options.job;
    this.#options = options;
    this.#meta = new RunMeta(options.job, options.queue, () =>
      this.abort(new SpoolgateError('JOB_CANCELLED', { detail: 'the run no longer belongs to this worker' })),
    );
  }

  get hasSettled(): boolean {
    return this.#hasSettled;
  }

  abort(reason: SpoolgateError): void {
    if (this.#reason !== undefined || this.#hasSettled) return;
    this.#reason = reason;
    this.#cancelLimit();
    if (this.#hasBegun) {
      this.#runner?.abort(reason);
      this.#wait(this.#options.graceMs, () => this.#kill());
    } else {
      this.#kill();
    }
  }

  outcome(): Promise<RunOutcome> {
    this.#start();
    return this.#outcome.promise;
  }

  untilSettled(): Promise<void> {
    return this.#settled.promise;
  }

  endMeta(): QueuedJob['meta'] {
    return this.#meta.end();
  }

  #wait(ms: number, due: () => void): void {
    this.#cancelWait();
    this.#cancelWait = deadline(ms, due);
  }

  #limit(kind: Limit['t']): number | undefined {
    return this.job.limits.find(({ t }) => t === kind)?.v;
  }

  #start(): void {
    this.#starts += 1;
    const start = this.#starts;
    const isCurrent = (): boolean => start === this.#starts && !this.#hasSettled;
    this.#wait(startLimitMs, () =>
      this.abort(new SpoolgateError('RUNNER_NOT_STARTED', { detail: `not within ${startLimitMs / 1000} s` })),
    );
    try {
      this.#runner = this.#options.start(orderOf(this.#options), this.#limit('memory'), {
        report: (report) => {
          if (isCurrent()) this.#heard(report);
        },
        lost: (error) => {
          if (isCurrent()) this.#lost(error);
        },
      });
    } catch (cause) {
      this.#settle(this.#failed(new SpoolgateError('RUNNER_NOT_STARTED', { cause })));
    }
  }

  #heard(report: RunReport): void {
    switch (report.kind) {
      case 'begun':
        this.#begun();
        return;
      case 'meta':
        this.#meta.replace(report.meta, true);
        return;
      case 'ended':
        this.#ended(report);
    }
  }

  #begun(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    if (this.#reason !== undefined) return;
    this.#cancelWait();
    const seconds = this.#limit('time');
    if (seconds === undefined) return;
    this.#cancelLimit = deadline(seconds * 1000, () =>
      this.abort(new SpoolgateError('JOB_TIME_LIMIT', { detail: `${seconds} s` })),
    );
  }

  #ended({ outcome, meta }: RunEnd): void {
    this.#meta.replace(meta, false);
    // Told to end and not having heard of it yet: its work is done. Nobody wants that of a cancelled job.
    const isUnwanted = outcome.kind === 'succeeded' && this.#reason?.code === 'JOB_CANCELLED';
    this.#settle(isUnwanted ? this.#failed(this.#reason) : outcome);
    this.#runner?.release(this.#reason === undefined);
  }

  #lost(error: SpoolgateError): void {
    if (this.#reason !== undefined) this.#settle(this.#forced(''));
    else if (this.#hasBegun) this.#settle(this.#failed(error));
    else if (this.#starts < mostStarts) this.#start();
    else this.#settle(this.#failed(new SpoolgateError('RUNNER_NOT_STARTED', { cause: error })));
  }

  #kill(): void {
    this.#isKilled = true;
    this.#runner?.kill();
    this.#wait(killWaitMs, () => this.#outcome.resolve(this.#forced(', in vain: it keeps its place in the queue')));
  }

  /** The outcome of a run that was told to end and did not say that it has. */
  #forced(success: string): RunOutcome {
    const { code, detail } = this.#reason ?? new SpoolgateError('JOB_CANCELLED');
    if (code === 'WORKER_STOPPING') return { kind: 'interrupted' };
    const force = this.#isKilled && this.#hasBegun ? [`it was ended by force${success}`] : [];
    const words = [...(detail === undefined ? [] : [detail]), ...force];
    return this.#failed(new SpoolgateError(code, words.length === 0 ? {} : { detail: words.join('; ') }));
  }

  #failed(error: unknown): RunOutcome {
    return { kind: 'failed', error: thrownError(error, this.job.attempts) };
  }

  /** Nothing of the run is at work any more. */
  #settle(outcome: RunOutcome): void {
    this.#cancelWait();
    this.#cancelLimit();
    this.#hasSettled = true;
    this.#outcome.resolve(outcome);
    this.#settled.resolve();
  }
}
