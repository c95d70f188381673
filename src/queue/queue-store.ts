import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Database } from './database/database.js';
import { faultText, storedTime } from './field.js';
import { type QueueRow, type StoredQueue, parseQueueRow } from './queue-row.js';
import { type Queue, checkedQueue } from './queue.js';
import { declareQueue, deleteQueue, selectQueue, selectQueues, setQueueState, upsertQueue } from './sql/queues.js';
import type { Tables } from './tables.js';

/** What became of `deleteQueue`. */
export interface DeletedQueue {
  /** False where there was no such row; its jobs may have been there all the same. */
  readonly deleted: boolean;
  readonly purgedJobs: number;
}

/** What an app does with queues; Chancy's methods of the same names. */
export class QueueStore {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #channel: string | null;

  constructor(database: Database, tables: Tables, notifications: boolean) {
    this.#database = database;
    this.#tables = tables;
    this.#channel = notifications ? tables.channel : null;
  }

  async declare(given: Queue, upsert: boolean): Promise<StoredQueue> {
    const queue = checkedQueue(given);
    const statement = upsert ? upsertQueue(this.#tables) : declareQueue(this.#tables);
    const rows = await this.#database.query<QueueRow>(statement, [
      queue.name,
      queue.state,
      queue.concurrency,
      queue.tags,
      queue.executor,
      JSON.stringify(queue.executorOptions),
      queue.pollingInterval,
      queue.rateLimit,
      queue.rateLimitWindow,
      queue.resumeAt?.toISOString() ?? null,
      queue.eagerPolling,
      this.#channel,
    ]);
    const stored = readable(rows[0]);
    if (stored === null) throw new Error('a declared queue has no row');
    return stored;
  }

  async pause(name: string, resumeAt: Date | undefined): Promise<void> {
    const time = storedTime().optional().safeParse(resumeAt);
    if (!time.success) throw new SpoolgateError('QUEUE_INVALID', { detail: `resumeAt: ${faultText(time.error)}` });
    await this.#setState(name, 'paused', time.data);
  }

  async resume(name: string): Promise<void> {
    await this.#setState(name, 'active', undefined);
  }

  async #setState(name: string, state: 'active' | 'paused', resumeAt: Date | undefined): Promise<void> {
    const event = state === 'paused' ? 'queue.paused' : 'queue.resumed';
    const values = [name, state, resumeAt?.toISOString() ?? null, this.#channel, event];
    const rows = await this.#database.query(setQueueState(this.#tables), values);
    if (rows.length === 0) throw new SpoolgateError('QUEUE_NOT_FOUND', { detail: name });
  }

  async delete(name: string, purgeJobs: boolean): Promise<DeletedQueue> {
    const values = [name, purgeJobs, this.#channel];
    const [row] = await this.#database.query<{ queues: number; jobs: number }>(deleteQueue(this.#tables), values);
    return { deleted: (row?.queues ?? 0) > 0, purgedJobs: row?.jobs ?? 0 };
  }

  async get(name: string): Promise<StoredQueue | null> {
    const [row] = await this.#database.query<QueueRow>(selectQueue(this.#tables), [name]);
    return readable(row);
  }

  async all(): Promise<StoredQueue[]> {
    const rows = await this.#database.query<QueueRow>(selectQueues(this.#tables), []);
    return rows
      .map(parseQueueRow)
      .filter((parsed) => parsed.ok)
      .map(({ queue }) => queue);
  }
}

const readable = (row: QueueRow | undefined): StoredQueue | null => {
  if (row === undefined) return null;
  const parsed = parseQueueRow(row);
  if (parsed.ok) return parsed.queue;
  throw new SpoolgateError('QUEUE_UNREADABLE', { detail: `${parsed.name}: ${parsed.reason}` });
};
