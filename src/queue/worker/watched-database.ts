import { sleep } from '../../lifecycle/sleep.js';
import { type Database, type DatabaseClient, type Statement, isConnectionError } from '../database/database.js';
import type { WorkerEvents } from './worker-events.js';
import { errorText } from '../../errors/spoolgate-error.js';

/** The app's database as one worker uses it: notices when it goes away and comes back, and says so once each. */
export class WatchedDatabase {
  readonly #database: Database;
  readonly #events: WorkerEvents;
  readonly #onBack = new Set<() => void>();
  #lostAt: number | undefined;
  /** Rises with each loss, so that an answer from before it is not taken for a recovery. */
  #losses = 0;

  constructor(database: Database, events: WorkerEvents) {
    this.#database = database;
    this.#events = events;
  }

  query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.observe(() => this.#database.query<Row>(statement, values));
  }

  transaction<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T> {
    return this.observe(() => this.#database.transaction(run));
  }

  /** Runs anything that talks to the database; its error is passed on. */
  async observe<T>(operation: () => Promise<T>): Promise<T> {
    const losses = this.#losses;
    try {
      const result = await operation();
      if (losses === this.#losses) this.#back();
      return result;
    } catch (error) {
      if (isConnectionError(error)) this.lost(error);
      throw error;
    }
  }

  lost(error: unknown): void {
    this.#losses += 1;
    if (this.#lostAt !== undefined) return;
    this.#lostAt = performance.now();
    this.#events.emit('worker.database_lost', { error: errorText(error) });
  }

  #back(): void {
    if (this.#lostAt === undefined) return;
    const awayMs = performance.now() - this.#lostAt;
    this.#lostAt = undefined;
    this.#events.emit('worker.database_back', { awayMs });
    for (const listener of this.#onBack) listener();
  }

  /** Calls `listener` each time the database is back, until the returned function is called. */
  onBack(listener: () => void): () => void {
    this.#onBack.add(listener);
    return () => this.#onBack.delete(listener);
  }

  /** The pause before the next try: `ms`, or less when the database comes back or `signal` aborts. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const back = new AbortController();
    const off = this.onBack(() => back.abort());
    await sleep(ms, AbortSignal.any([signal, back.signal]));
    off();
  }
}
