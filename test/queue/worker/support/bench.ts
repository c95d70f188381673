import pg from 'pg';
import { onTestFinished } from 'vitest';
import { EventBus } from '../../../../src/events/event-bus.js';
import type { QueueEvents } from '../../../../src/events/queue-events.js';
import { Chancy } from '../../../../src/queue/chancy.js';
import { Executor } from '../../../../src/queue/executor.js';
import type { Plugin } from '../../../../src/queue/plugin.js';
import { Queue, type QueueOptions } from '../../../../src/queue/queue.js';
import type { QueuedJob } from '../../../../src/queue/queued-job.js';
import { Worker, type WorkerOptions } from '../../../../src/queue/worker.js';
import { createTestDatabase } from '../../../support/database.js';

/** What a job of the test executor does; by `func`. */
export type Act = (job: QueuedJob, executor: TestExecutor) => Promise<unknown>;

/** What each run did, over all executors of one bench. */
export const acts = new Map<string, Act>();

/** Runs the act that is named by `func`; fulfils to a success, rejects to whatever the worker makes of it. */
export class TestExecutor extends Executor {
  static override readonly defaultConcurrency = 5;
  readonly #cancelled = new Map<string, () => void>();

  override async push(job: QueuedJob): Promise<void> {
    const act = acts.get(job.func);
    if (act === undefined) throw new Error(`no act ${job.func}`);
    if ((await act(job, this)) === 'silent') return;
    await this.queue.pushJobUpdate({ ...job, state: 'succeeded', attempts: job.attempts + 1, completedAt: new Date() });
  }

  /** Resolves when the job is cancelled. */
  cancelled(job: QueuedJob): Promise<void> {
    return new Promise((resolve) => this.#cancelled.set(job.id, resolve));
  }

  override cancel(id: string): boolean {
    const resolve = this.#cancelled.get(id);
    resolve?.();
    return resolve !== undefined;
  }
}

/** Keeps what workers said, and waits for more. */
class Chronicle {
  readonly bus = new EventBus();
  readonly #said = new Map<keyof QueueEvents, object[]>();
  readonly #waiting = new Map<keyof QueueEvents, Set<() => void>>();

  constructor() {
    this.bus.onAny((name, fields) => {
      const key = name as keyof QueueEvents;
      const said = this.#said.get(key) ?? [];
      this.#said.set(key, said);
      said.push(fields);
      for (const look of this.#waiting.get(key) ?? []) look();
    });
  }

  names(): readonly string[] {
    return [...this.#said.keys()];
  }

  of<Name extends keyof QueueEvents>(name: Name): readonly QueueEvents[Name][] {
    return (this.#said.get(name) ?? []) as QueueEvents[Name][];
  }

  /** Resolves with the first event of this name that passes, past ones included. */
  until<Name extends keyof QueueEvents>(
    name: Name,
    where: (fields: QueueEvents[Name]) => boolean = () => true,
  ): Promise<QueueEvents[Name]> {
    let seen = 0;
    return this.#when(name, () => {
      const fresh = this.of(name).slice(seen);
      seen += fresh.length;
      return fresh.find(where);
    });
  }

  /** Resolves once there are so many events of this name. */
  async count(name: keyof QueueEvents, count: number): Promise<void> {
    await this.#when(name, () => (this.of(name).length >= count ? true : undefined));
  }

  #when<T>(name: keyof QueueEvents, find: () => T | undefined): Promise<T> {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    return new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }
}

export interface BenchOptions {
  readonly queue?: Partial<QueueOptions> | null;
  readonly plugins?: readonly Plugin[];
  readonly url?: string;
  readonly notifications?: boolean;
  readonly poolSize?: number;
  readonly queryTimeoutMs?: number;
  readonly connectionTimeoutMs?: number;
}

/** An app on a fresh database, with the queue `q` of the test executor, and what its workers say. */
export class Bench {
  readonly chancy: Chancy;
  readonly record = new Chronicle();
  readonly url: string;

  constructor(chancy: Chancy, url: string) {
    this.chancy = chancy;
    this.url = url;
  }

  worker(options: WorkerOptions = {}): Worker {
    const worker = new Worker(this.chancy, { events: this.record.bus, shutdownTimeoutMs: 5000, ...options });
    onTestFinished(() => worker.forceStop());
    return worker;
  }

  async started(options: WorkerOptions = {}): Promise<Worker> {
    const worker = this.worker(options);
    await worker.start();
    return worker;
  }

  /** Raw SQL; `chancy_` tables. */
  async sql<Row extends object = Record<string, unknown>>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.chancy.database.query<Row>({ text }, values);
  }

  async state(id: string): Promise<string | undefined> {
    const rows = await this.sql<{ state: string }>('SELECT state FROM chancy_jobs WHERE id = $1', [id]);
    return rows[0]?.state;
  }

  /** A connection of its own, ended with the test. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(async () => {
      await client.end();
    });
    return client;
  }
}

export const queueOf = (options: Partial<QueueOptions> = {}): Queue =>
  new Queue({ name: 'q', executor: TestExecutor, pollingInterval: 60, ...options });

export const bench = async (options: BenchOptions = {}): Promise<Bench> => {
  let { url } = options;
  if (url === undefined) {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    ({ url } = database);
  }
  const {
    queue = {},
    plugins = [],
    notifications = true,
    poolSize = 5,
    queryTimeoutMs = 30_000,
    connectionTimeoutMs = 5000,
  } = options;
  const chancy = new Chancy({
    dsn: url,
    poolSize,
    queryTimeoutMs,
    connectionTimeoutMs,
    plugins: [...plugins],
    queues: queue === null ? [] : [queueOf(queue)],
    executors: { TestExecutor },
    notifications,
  });
  onTestFinished(() => chancy.close());
  await chancy.migrate();
  return new Bench(chancy, url);
};

/** A latch: `opened` resolves at `open()`. */
export const latch = (): { opened: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};
