import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { sleep } from '../../lifecycle/sleep.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { deadline } from './deadline.js';
import type { JobContext, JobFunction } from './job-function.js';
import type { Run, RunOutcome } from './run.js';
import { thrownError } from './thrown-error.js';

type Settled = { readonly kind: 'returned' } | { readonly kind: 'threw'; readonly error: unknown };
type End = Settled | { readonly kind: 'overdue' };

/** The meta of a run as its function sees and changes it. */
export interface FunctionMeta {
  readonly values: Record<string, unknown>;
  progress(fraction: number, message: string | undefined): void;
  end(): QueuedJob['meta'];
}

export interface FunctionRunOptions {
  readonly job: QueuedJob;
  readonly meta: FunctionMeta;
  /** How long the function has to end once it was told to, ms; without it, as long as it likes. */
  readonly graceMs?: number;
  readonly find: (func: string) => Promise<JobFunction>;
}

const ignoresSignal = 'its function does not heed the signal, still runs and keeps its place in the queue';

/** One run of a job's function, in this process and on this thread: it can be told to end, not made to. */
export class FunctionRun implements Run {
  readonly job: QueuedJob;
  readonly #options: FunctionRunOptions;
  readonly #controller = new AbortController();
  #reason: SpoolgateError | undefined;
  #settled = false;
  #whenSettled: Promise<Settled> | undefined;

  constructor(options: FunctionRunOptions) {
    this.job = options.job;
    this.#options = options;
  }

  get hasSettled(): boolean {
    return this.#settled;
  }

  abort(reason: SpoolgateError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller.abort(reason);
  }

  /** Resolves before the function's end only where it outlives its abort by the grace. */
  async outcome(): Promise<RunOutcome> {
    const whenSettled = this.#settle();
    this.#whenSettled = whenSettled;
    const ended = new AbortController();
    const cancelLimit = this.#armTimeLimit();
    const end = await Promise.race([whenSettled, this.#overdue(ended.signal)]);
    cancelLimit();
    ended.abort();
    return this.#judge(end);
  }

  async untilSettled(): Promise<void> {
    await this.#whenSettled;
  }

  endMeta(): QueuedJob['meta'] {
    return this.#options.meta.end();
  }

  async #settle(): Promise<Settled> {
    try {
      const call = await this.#options.find(this.job.func);
      if (this.#reason !== undefined) throw this.#reason;
      await call(structuredClone(this.job.kwargs) as never, this.#context());
      return { kind: 'returned' };
    } catch (error) {
      return { kind: 'threw', error };
    } finally {
      this.#settled = true;
    }
  }

  #context(): JobContext {
    const { id, queue, attempts, maxAttempts } = this.job;
    const { meta } = this.#options;
    return Object.freeze<JobContext>({
      id,
      queue,
      attempt: attempts + 1,
      maxAttempts,
      meta: meta.values,
      signal: this.#controller.signal,
      progress: (fraction, message) => meta.progress(fraction, message),
    });
  }

  /** The first `time` entry counts, as in Chancy. */
  #armTimeLimit(): () => void {
    const limit = this.job.limits.find(({ t }) => t === 'time');
    if (limit === undefined) return () => undefined;
    return deadline(limit.v * 1000, () => this.abort(new SpoolgateError('JOB_TIME_LIMIT', { detail: `${limit.v} s` })));
  }

  /**
   * Resolves once the grace after the abort is up. A stop of the worker has none: the process is about to end, and whatever the function
   * still does is reported if it comes in time, else left to recovery.
   */
  #overdue(ended: AbortSignal): Promise<End> {
    const { graceMs } = this.#options;
    return new Promise((resolve) => {
      const aborted = async (): Promise<void> => {
        if (graceMs === undefined || this.#reason?.code === 'WORKER_STOPPING') return;
        await sleep(graceMs, ended);
        resolve({ kind: 'overdue' });
      };
      this.#controller.signal.addEventListener('abort', () => void aborted(), { once: true });
    });
  }

  #judge(end: End): RunOutcome {
    const reason = this.#reason;
    if (reason === undefined) return end.kind === 'threw' ? this.#failed(end.error) : { kind: 'succeeded' };
    if (reason.code === 'WORKER_STOPPING')
      return end.kind === 'threw' ? { kind: 'interrupted' } : { kind: 'succeeded' };
    if (end.kind === 'overdue')
      return this.#failed(new SpoolgateError(reason.code, { detail: this.#overdueDetail(reason) }));
    if (end.kind === 'returned' || isAbort(end.error, reason)) return this.#failed(reason);
    const { code, detail } = reason;
    return this.#failed(new SpoolgateError(code, { ...(detail === undefined ? {} : { detail }), cause: end.error }));
  }

  #failed(thrown: unknown): RunOutcome {
    return { kind: 'failed', error: thrownError(thrown, this.job.attempts) };
  }

  #overdueDetail(reason: SpoolgateError): string {
    return reason.detail === undefined ? ignoresSignal : `${reason.detail}; ${ignoresSignal}`;
  }
}

/** Whether the function threw only because it was told to end, so that its error adds nothing. */
const isAbort = (error: unknown, reason: SpoolgateError): boolean => {
  if (error === reason) return true;
  try {
    return error instanceof Error && error.name === 'AbortError';
  } catch {
    return false;
  }
};
