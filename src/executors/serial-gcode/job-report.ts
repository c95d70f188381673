import type { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { PrintExtent, PrintOutcome, PrintProgress } from '../../printer/print-outcome.js';
import { judgeRetry } from '../../printing/retry-policy.js';
import type { ExecutorQueue, UpdateOutcome } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';

/** Writes what becomes of one print into its job: `meta.print` while it runs, state and error at its end. */
export class JobReport {
  readonly #queue: ExecutorQueue;
  readonly #job: QueuedJob;
  #print: Readonly<Record<string, unknown>> = {};
  #extruding = false;

  constructor(queue: ExecutorQueue, job: QueuedJob) {
    this.#queue = queue;
    this.#job = job;
  }

  /** 1-based number of this run. */
  get attempt(): number {
    return this.#job.attempts + 1;
  }

  /** Best effort; `stale` means that the run is no longer ours. */
  progress(printer: string, progress: PrintProgress, temperatures: unknown): Promise<UpdateOutcome | 'dropped'> {
    this.#print = { ...this.#mark(), printer, ...progress, temperatures, updatedAt: new Date().toISOString() };
    return this.#queue.saveMeta({ ...this.#job, meta: this.#meta() });
  }

  /** Marks the job before the first extruding line leaves the host: see `wasInterrupted`. Best effort, as `progress` is. */
  extruding(printer: string): Promise<UpdateOutcome | 'dropped'> {
    this.#extruding = true;
    this.#print = { ...this.#print, ...this.#mark(), printer };
    return this.#queue.saveMeta({ ...this.#job, meta: this.#meta() });
  }

  succeeded(printer: string, outcome: PrintOutcome, copies: number): Promise<UpdateOutcome> {
    this.#print = { ...this.#print, ...this.#end(printer, outcome), phase: 'done', percent: 100, etaMs: 0, copies };
    return this.#queue.pushJobUpdate({
      ...this.#job,
      state: 'succeeded',
      attempts: this.attempt,
      completedAt: new Date(),
      meta: this.#meta(),
    });
  }

  failed(
    error: SpoolgateError,
    extent: PrintExtent,
    end?: { printer: string; outcome: PrintOutcome },
  ): Promise<UpdateOutcome> {
    const { maxAttempts, attempts, errors } = this.#job;
    if (error.code === 'GATEWAY_STOPPING' && extent !== 'extruded') return this.#queue.release(this.#job);
    const answer = judgeRetry({ error, extent, attempts: this.attempt, maxAttempts });
    this.#print = {
      ...this.#print,
      ...(end && this.#end(end.printer, end.outcome)),
      phase: error.code === 'CANCELLED' ? 'cancelled' : 'failed',
      extent,
      error: { code: error.code, message: error.message, remedy: error.remedy, ...error.data },
    };
    return this.#queue.pushJobUpdate({
      ...this.#job,
      state: answer.state,
      attempts: this.attempt,
      completedAt: answer.state === 'failed' ? new Date() : null,
      scheduledAt: answer.state === 'retrying' ? new Date(Date.now() + answer.delayMs) : this.#job.scheduledAt,
      meta: this.#meta(),
      errors: [
        ...errors,
        { traceback: `${error.message}\n${error.remedy}`, attempt: attempts, code: error.code, message: error.message },
      ],
    });
  }

  #mark(): Record<string, unknown> {
    return { attempt: this.attempt, ...(this.#extruding && { extent: 'extruded' }) };
  }

  #end(printer: string, { figures, extent, line, z }: PrintOutcome): Record<string, unknown> {
    return { printer, ...figures, extent, line, z, endedAt: new Date().toISOString() };
  }

  #meta(): Record<string, unknown> {
    return { ...this.#job.meta, print: this.#print };
  }
}
