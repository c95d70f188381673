import type { ExecutorQueue, UpdateOutcome } from '../../src/queue/executor.js';
import type { QueuedJob } from '../../src/queue/queued-job.js';

/** One call of the executor, in the order in which they came; `job` is a copy of what was given. */
export interface QueueCall {
  readonly kind: 'update' | 'meta' | 'release';
  readonly job: QueuedJob;
  readonly delayMs?: number | undefined;
  readonly outcome: UpdateOutcome;
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

const gate = (): Gate => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

/**
 * A queue as an executor sees it, without a database: rows are kept in a map and guarded as the contract says (same run, still running),
 * and each call is recorded.
 */
export class RecordingQueue implements ExecutorQueue {
  readonly name: string;
  readonly concurrency: number | null;
  readonly calls: QueueCall[] = [];
  /** Rows by job id: the run that is ours, or undefined when it is no longer. */
  readonly #owned = new Map<string, number>();
  readonly #watchers = new Set<() => void>();
  #held: Gate | undefined;

  constructor(options: { name?: string; concurrency?: number | null } = {}) {
    this.name = options.name ?? 'conformance';
    this.concurrency = options.concurrency ?? null;
  }

  /** As if the worker had claimed this job. */
  claim(job: QueuedJob): QueuedJob {
    this.#owned.set(job.id, job.attempts);
    return job;
  }

  /** As if someone else had cancelled or recovered the job. */
  lose(jobId: string): void {
    this.#owned.delete(jobId);
  }

  /** Makes updates wait, as when the database is away, until the returned function is called. */
  hold(): () => void {
    const held = gate();
    this.#held = held;
    return () => {
      this.#held = undefined;
      held.open();
    };
  }

  of(jobId: string, kind: QueueCall['kind']): readonly QueueCall[] {
    return this.calls.filter((call) => call.job.id === jobId && call.kind === kind);
  }

  /** Resolves as soon as the calls so far fulfil `condition`. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  async pushJobUpdate(job: QueuedJob): Promise<UpdateOutcome> {
    const outcome = this.#record('update', job, job.attempts - 1);
    this.#owned.delete(job.id);
    await this.#held?.opened;
    return outcome;
  }

  saveMeta(job: QueuedJob): Promise<UpdateOutcome> {
    return Promise.resolve(this.#record('meta', job, job.attempts));
  }

  release(job: QueuedJob, delayMs?: number): Promise<UpdateOutcome> {
    const outcome = this.#record('release', job, job.attempts, delayMs);
    this.#owned.delete(job.id);
    return Promise.resolve(outcome);
  }

  #record(kind: QueueCall['kind'], job: QueuedJob, run: number, delayMs?: number): UpdateOutcome {
    const outcome = this.#owned.get(job.id) === run ? 'stored' : 'stale';
    this.calls.push({ kind, job: structuredClone(job), delayMs, outcome });
    for (const look of this.#watchers) look();
    return outcome;
  }
}
