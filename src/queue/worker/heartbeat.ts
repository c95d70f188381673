import { backoffMs } from '../../lifecycle/backoff.js';
import { formatNotification } from '../notification.js';
import { announceWorker, deleteExpiredWorkers, deleteWorker } from '../sql/worker-row.js';
import { Bell } from './bell.js';
import type { WorkerContext } from './worker-context.js';

export interface HeartbeatOptions {
  readonly tags: readonly string[];
  readonly intervalMs: number;
  /** How long the worker counts as alive after a beat. */
  readonly timeoutMs: number;
  readonly queues: () => readonly string[];
}

const backoff = { initialMs: 500, limitMs: 10_000 };
const doing = 'the heartbeat';

/** Keeps this worker's row alive, by which others know that its running jobs are in good hands (wire contract, section 7). */
export class Heartbeat {
  readonly #context: WorkerContext;
  readonly #options: HeartbeatOptions;
  readonly #bell = new Bell();
  readonly #ended = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(context: WorkerContext, options: HeartbeatOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Writes the row once. */
  async beat(): Promise<void> {
    const { database, tables, workerId, channel } = this.#context;
    const { tags, queues, timeoutMs } = this.#options;
    const payload = formatNotification('worker.announced', { worker_id: workerId });
    await database.transaction(async (client) => {
      await client.query(deleteExpiredWorkers(tables).text);
      await client.query(announceWorker(tables).text, [workerId, tags, queues(), timeoutMs, channel, payload]);
    });
  }

  /** Beats now and from then on. */
  start(): void {
    this.#bell.ring();
    this.#loop = this.#beatOn();
  }

  /** Beats now: the row may be gone, as a crash of the server empties the table. */
  beatSoon(): void {
    this.#bell.ring();
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
  }

  /** Removes the row. */
  async remove(): Promise<void> {
    const { database, tables, workerId } = this.#context;
    await database.query(deleteWorker(tables), [workerId]);
  }

  async #beatOn(): Promise<void> {
    const { database, events } = this.#context;
    const { signal } = this.#ended;
    await this.#bell.wait(this.#options.intervalMs, signal);
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.beat();
        failures = 0;
        events.well(doing);
        await this.#bell.wait(this.#options.intervalMs, signal);
      } catch (error) {
        events.trouble(doing, error);
        await database.pause(Math.min(this.#options.intervalMs, backoffMs(failures, backoff)), signal);
        failures += 1;
      }
    }
  }
}
