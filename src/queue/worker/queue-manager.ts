import { SpoolgateError, errorText } from '../../errors/spoolgate-error.js';
import { backoffMs } from '../../lifecycle/backoff.js';
import type { Chancy } from '../chancy.js';
import type { ExecutorClass } from '../executor.js';
import { type QueueRow, type StoredQueue, parseQueueRow } from '../queue-row.js';
import { selectQueues } from '../sql/queues.js';
import { type NextResumeRow, type ResumedRow, nextResume, resumeDueQueues } from '../sql/resume-queues.js';
import { Bell } from './bell.js';
import { QueueRunner } from './queue-runner.js';
import { Routing } from './routing.js';
import { SaidOnce } from './said-once.js';
import type { WorkerContext } from './worker-context.js';

export interface QueueManagerOptions {
  readonly chancy: Chancy;
  readonly tags: readonly string[];
  readonly pollMs: number;
}

interface Served {
  readonly queue: StoredQueue;
  readonly executorClass: ExecutorClass;
}

const backoff = { initialMs: 200, limitMs: 10_000 };
const doing = 'reading the queues';

/**
 * Keeps a runner for each queue that this worker serves: its tags match and its executor is one of the app's. Follows the table, where
 * queues come, go, change and are paused; a row that cannot be used is passed over, and the others do not notice.
 */
export class QueueManager {
  readonly #context: WorkerContext;
  readonly #options: QueueManagerOptions;
  readonly #routing: Routing;
  readonly #bell = new Bell();
  readonly #ended = new AbortController();
  readonly #runners = new Map<string, QueueRunner>();
  /** Those of the runners that end, and when they have. */
  readonly #stopping = new Map<QueueRunner, Promise<void>>();
  readonly #said = new SaidOnce();
  #loop: Promise<void> | undefined;

  constructor(context: WorkerContext, options: QueueManagerOptions) {
    this.#context = context;
    this.#options = options;
    this.#routing = new Routing(options.tags);
  }

  /** Names of the queues that are served now. */
  names(): readonly string[] {
    return [...this.#runners.keys()];
  }

  /** Reads the queues, then goes on reading them until `endClaims`. */
  async start(): Promise<void> {
    const waitMs = await this.#follow();
    this.#loop = this.#followOn(waitMs);
  }

  /** Reads the queues now. */
  refresh(): void {
    this.#bell.ring();
  }

  /** Looks for jobs of one queue now, or of all of them. */
  wake(queue?: string): void {
    const runners = queue === undefined ? this.#runners.values() : [this.#runners.get(queue)];
    for (const runner of runners) runner?.wake();
  }

  checkUnknown(queue?: string): void {
    const runners = queue === undefined ? this.#runners.values() : [this.#runners.get(queue)];
    for (const runner of runners) runner?.checkUnknown();
  }

  /** Resolves once no queue is claimed from; running jobs go on. */
  async endClaims(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
    await Promise.all([...this.#runners.values()].map((runner) => runner.endClaims()));
  }

  /** Stops all executors. */
  async stopExecutors(): Promise<void> {
    for (const [name, runner] of this.#runners) this.#stop(name, runner);
    await Promise.all(this.#stopping.values());
  }

  async #followOn(firstWaitMs: number): Promise<void> {
    const { signal } = this.#ended;
    const { events, database } = this.#context;
    await this.#bell.wait(firstWaitMs, signal);
    for (let failures = 0; !signal.aborted;) {
      try {
        const waitMs = await this.#follow();
        failures = 0;
        events.well(doing);
        await this.#bell.wait(waitMs, signal);
      } catch (error) {
        events.trouble(doing, error);
        await database.pause(backoffMs(failures, backoff), signal);
        failures += 1;
      }
    }
  }

  /** Reads the table and does what it says. Returns when to read it again, ms. */
  async #follow(): Promise<number> {
    const { database, tables } = this.#context;
    const rows = await database.query<QueueRow>(selectQueues(tables), []);
    if (this.#ended.signal.aborted) return 0;
    const wanted = new Map<string, Served>();
    for (const row of rows) {
      const served = this.#served(row);
      if (served !== undefined) wanted.set(served.queue.name, served);
    }
    const names = new Set(rows.map(({ name }) => name));
    this.#said.keepOnly(names);
    for (const [name, runner] of this.#runners) this.#adjust(name, runner, wanted.get(name));
    for (const [name, served] of wanted) if (!this.#runners.has(name)) this.#begin(name, served);
    return this.#resume([...wanted.values()].map(({ queue }) => queue));
  }

  #served(row: QueueRow): Served | undefined {
    const { events } = this.#context;
    const malformed = (reason: string): void => {
      this.#said.say('malformed', row.name, reason, () =>
        events.emit('worker.malformed', { what: 'queue', id: row.name, reason }),
      );
    };
    const parsed = parseQueueRow(row);
    if (!parsed.ok) {
      malformed(parsed.reason);
      return undefined;
    }
    const { queue } = parsed;
    const faults: string[] = [];
    const isServed = this.#routing.serves(queue.tags, (reason) => faults.push(reason));
    if (faults.length > 0) malformed(faults.join('; '));
    else this.#said.forget('malformed', queue.name);
    if (!isServed) return undefined;
    const executorClass = this.#options.chancy.executor(queue.executor);
    if (executorClass !== undefined) return { queue, executorClass };
    this.#ignore(queue);
    return undefined;
  }

  #ignore({ name, executor }: StoredQueue): void {
    const { events } = this.#context;
    const declared = this.#options.chancy.queues.find((queue) => queue.name === name);
    this.#said.say('ignored', name, executor, () => {
      if (declared === undefined) {
        events.emit('worker.queue.ignored', { queue: name, executor });
      } else {
        const detail = `the table has ${executor} for ${name}, which was declared there before; this app declares ${declared.executor}`;
        events.emit('worker.queue.failed', {
          queue: name,
          executor,
          error: new SpoolgateError('EXECUTOR_UNKNOWN', { detail }).message,
        });
      }
    });
  }

  #adjust(name: string, runner: QueueRunner, wanted: Served | undefined): void {
    if (this.#stopping.has(runner)) return;
    if (wanted !== undefined && runner.canBecome(wanted.queue, wanted.executorClass)) {
      runner.become(wanted.queue);
      return;
    }
    // It goes, or needs another executor: what runs comes to its end first.
    runner.hold();
    if (runner.running > 0) return;
    this.#stop(name, runner);
    this.#context.events.emit(wanted === undefined ? 'worker.queue.removed' : 'worker.queue.updated', { queue: name });
  }

  #begin(name: string, { queue, executorClass }: Served): void {
    const { events } = this.#context;
    const failed = (error: unknown): void => {
      const text = errorText(error);
      this.#said.say('failed', name, text, () =>
        events.emit('worker.queue.failed', { queue: name, executor: queue.executor, error: text }),
      );
    };
    const runner = new QueueRunner(this.#context, { queue, executorClass, onHeldEmpty: () => this.refresh() });
    this.#runners.set(name, runner);
    void (async () => {
      try {
        await runner.start();
        this.#said.forget('failed', name);
      } catch (error) {
        failed(error);
        // At the next reading it is tried anew.
        if (!this.#stopping.has(runner)) this.#runners.delete(name);
      }
    })();
  }

  /** Ends a runner; its name is free once it has ended, so that two executors never serve one queue. */
  #stop(name: string, runner: QueueRunner): void {
    if (this.#stopping.has(runner)) return;
    const stopped = (async () => {
      try {
        await runner.stop();
      } catch (error) {
        this.#context.events.trouble(`stopping the executor of ${name}`, error);
      }
      this.#runners.delete(name);
      this.#stopping.delete(runner);
      this.refresh();
    })();
    this.#stopping.set(runner, stopped);
  }

  /** Ends pauses whose time has come. Returns when to read the queues again, ms. */
  async #resume(queues: readonly StoredQueue[]): Promise<number> {
    const { database, tables, channel } = this.#context;
    const paused = queues
      .filter(({ state, resumeAt }) => state === 'paused' && resumeAt !== null)
      .map(({ name }) => name);
    if (paused.length === 0) return this.#options.pollMs;
    const resumed = await database.query<ResumedRow>(resumeDueQueues(tables), [paused, channel]);
    if (resumed.length > 0) return 0;
    const [next] = await database.query<NextResumeRow>(nextResume(tables), [paused]);
    return Math.min(this.#options.pollMs, Math.ceil(next?.ms ?? Infinity) + 1);
  }
}
