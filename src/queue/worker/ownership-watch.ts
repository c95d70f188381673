import { type OwnedJobRow, ownedJobs } from '../sql/owned-jobs.js';
import { Bell } from './bell.js';
import type { WorkerContext } from './worker-context.js';

export interface OwnershipWatchOptions {
  readonly intervalMs: number;
  /** Called with a queue in which the table says we run a job that we do not know. */
  readonly onUnknown: (queue: string) => void;
}

const doing = 'looking after running jobs';

/**
 * Compares the runs of this worker with the table: a run whose row has been cancelled, deleted or recovered is told to end, and a row that
 * is ours without a run is reported. Looks at once when asked, and every now and then while there is something to look at.
 */
export class OwnershipWatch {
  readonly #context: WorkerContext;
  readonly #options: OwnershipWatchOptions;
  readonly #bell = new Bell();
  readonly #ended = new AbortController();
  #isAsked = false;
  /** Until when claims may turn up whose answer was lost, by performance.now(). */
  #unsettledUntil = -Infinity;
  #loop: Promise<void> | undefined;

  constructor(context: WorkerContext, options: OwnershipWatchOptions) {
    this.#context = context;
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
  }

  /** Looks now. */
  check(): void {
    this.#isAsked = true;
    this.#bell.ring();
  }

  /** Looks now, and for a minute on even when nothing runs: the server may still commit what it was sent before the connection broke. */
  checkAfterLoss(): void {
    this.#unsettledUntil = performance.now() + 60_000;
    this.check();
  }

  async #watch(): Promise<void> {
    const { events, running, database } = this.#context;
    const { intervalMs } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.#bell.wait(intervalMs, signal);
      if (signal.aborted) return;
      const isDue = this.#isAsked || running.size > 0 || performance.now() < this.#unsettledUntil;
      if (!isDue) continue;
      this.#isAsked = false;
      try {
        await this.#compare();
        events.well(doing);
      } catch (error) {
        // Asked for or not, it has to be made up for.
        this.#isAsked = true;
        events.trouble(doing, error);
        await database.pause(Math.min(intervalMs, 1000), signal);
      }
    }
  }

  async #compare(): Promise<void> {
    const { database, tables, workerId, running } = this.#context;
    // Only runs that are known before the question: one that begins later may not be in its answer.
    const asked = running.all();
    const rows = await database.query<OwnedJobRow>(ownedJobs(tables), [workerId]);
    const owned = new Set(rows.map(({ id }) => id));
    for (const run of asked) if (!owned.has(run.fetched.id)) run.cancel();
    for (const { id, queue } of rows) if (running.get(id) === undefined) this.#options.onUnknown(queue);
  }
}
