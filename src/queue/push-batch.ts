import { newJobId } from './job-id.js';
import { Job } from './job.js';
import { formatNotification } from './notification.js';
import { Reference } from './reference.js';
import type { KeyedRow, PushedRow } from './sql/push.js';

/** Most jobs in one statement, as in Python. */
const mostJobs = 1000;
/** And most text, in UTF-16 units: G-code in kwargs can be megabytes, and a statement ends at 1 GB. */
const mostText = 16 * 1024 * 1024;

/** Jobs that go to the database in one statement. */
export class PushBatch {
  readonly #ids: string[] = [];
  readonly #keys: (string | null)[] = [];
  /** Rows as JSON; of several jobs with one key only the first, as the others are its duplicates. */
  readonly #rows: string[] = [];
  readonly #taken = new Set<string>();
  readonly #queues = new Set<string>();
  #text = 0;

  get isFull(): boolean {
    return this.#ids.length >= mostJobs || this.#text >= mostText;
  }

  get isEmpty(): boolean {
    return this.#ids.length === 0;
  }

  /** A job of another copy of this package, or a plain object from JavaScript, has not been checked yet: it is here. */
  add(given: Job): void {
    const job = given instanceof Job ? given : new Job(given);
    const id = newJobId();
    this.#ids.push(id);
    this.#keys.push(job.uniqueKey);
    this.#queues.add(job.queue);
    if (job.uniqueKey !== null) {
      if (this.#taken.has(job.uniqueKey)) return;
      this.#taken.add(job.uniqueKey);
    }
    const row = JSON.stringify({
      id,
      queue: job.queue,
      func: job.func,
      kwargs: job.kwargs,
      limits: job.limits,
      meta: job.meta,
      priority: job.priority,
      max_attempts: job.maxAttempts,
      scheduled_at: job.scheduledAt?.toISOString() ?? null,
      unique_key: job.uniqueKey,
    } satisfies PushedRow);
    this.#text += row.length;
    this.#rows.push(row);
  }

  /** Values for `pushJobs`. */
  values(channel: string, notifications: boolean): readonly unknown[] {
    const payloads = notifications ? [...this.#queues].map((q) => formatNotification('queue.pushed', { q })) : [];
    return [`[${this.#rows.join(',')}]`, channel, payloads];
  }

  /** What each job became, in the order in which they were added: a new row, or the unfinished one that has its key. */
  references(keyed: readonly KeyedRow[]): Reference[] {
    const byKey = new Map(keyed.map(({ unique_key, id }) => [unique_key, id]));
    return this.#ids.map((id, index) => {
      const key = this.#keys[index] ?? null;
      return new Reference((key === null ? undefined : byKey.get(key)) ?? id);
    });
  }
}

/** Cuts jobs into batches; an input that comes over time is not gathered first. */
export async function* pushBatches(jobs: Iterable<Job> | AsyncIterable<Job>): AsyncGenerator<PushBatch> {
  let batch = new PushBatch();
  for await (const job of jobs) {
    batch.add(job);
    if (!batch.isFull) continue;
    yield batch;
    batch = new PushBatch();
  }
  if (!batch.isEmpty) yield batch;
}
