import { SpoolgateError } from '../errors/spoolgate-error.js';
import { type ChancyOptions, checkChancyOptions } from './chancy-options.js';
import { Database } from './database/database.js';
import type { ExecutorClass } from './executor.js';
import { JobList, type ListJobsOptions, type ListedJob } from './job-list.js';
import { type JobHandle, JobStore, type QueryClient } from './job-store.js';
import { Job } from './job.js';
import { type MigrateOptions, isUpToDate, migrateApp } from './migrations/app.js';
import { orderPlugins } from './plugin-order.js';
import { Plugin } from './plugin.js';
import { PushHooks } from './push-hooks.js';
import type { StoredQueue } from './queue-row.js';
import { type DeletedQueue, QueueStore } from './queue-store.js';
import { Queue, executorName } from './queue.js';
import type { QueuedJob } from './queued-job.js';
import type { Reference } from './reference.js';
import { selectWorkers } from './sql/workers.js';
import { Tables } from './tables.js';
import type { WaitOptions } from './wait-for-jobs.js';
import { type StoredWorker, parseWorkerRow } from './worker-row.js';

export type { ChancyOptions } from './chancy-options.js';

/**
 * The app: the database, its tables' names, plugins, queues and executors. Pushes jobs and looks after queues; a Worker runs the jobs.
 * Chancy's methods in camelCase, with its semantics on its tables. Each rejects with `DATABASE_UNREACHABLE` when the database is away.
 */
export class Chancy implements AsyncDisposable {
  readonly database: Database;
  readonly tables: Tables;
  /** Each after those that it depends on. */
  readonly plugins: readonly Plugin[];
  /** Queues to declare when a worker starts. */
  readonly queues: readonly Queue[];
  readonly notifications: boolean;
  readonly #executors = new Map<string, ExecutorClass>();
  readonly #jobStore: JobStore;
  readonly #jobList: JobList;
  readonly #queueStore: QueueStore;

  /** Connects to nothing yet. Throws `APP_INVALID`, naming the option. */
  constructor(options: ChancyOptions) {
    checkChancyOptions(options);
    const { plugins = [], queues = [], executors = {}, notifications = true, prefix } = options;
    this.tables = new Tables(prefix);
    this.notifications = notifications;
    this.plugins = orderPlugins(plugins.filter((item) => item instanceof Plugin));
    this.queues = distinct([...plugins.filter((item) => item instanceof Queue), ...queues]);
    for (const [name, executor] of Object.entries(executors)) {
      this.#register(name, executor);
      if (!name.startsWith('spoolgate.')) this.#register(`spoolgate.${name}`, executor);
    }
    for (const { executorClass } of this.queues) {
      if (executorClass !== undefined) this.#register(executorName(executorClass), executorClass);
    }
    this.database = new Database(options);
    this.#jobStore = new JobStore(this.database, this.tables, notifications, new PushHooks(this.plugins));
    this.#jobList = new JobList(this.database, this.tables);
    this.#queueStore = new QueueStore(this.database, this.tables, notifications);
  }

  #register(name: string, executor: ExecutorClass): void {
    const other = this.#executors.get(name);
    if (other !== undefined && other !== executor) {
      throw new SpoolgateError('APP_INVALID', { detail: `executors: two classes are called ${name}` });
    }
    this.#executors.set(name, executor);
  }

  /** The executor that this app runs for a row's `executor`, if any. */
  executor(name: string): ExecutorClass | undefined {
    return this.#executors.get(name);
  }

  /**
   * Brings the tables to the newest version, or to `toVersion`; harmless beside others that do the same. Resolves to whether anything
   * was done. Locks out writers while it alters a table, for as long as a rewrite of it takes.
   */
  migrate(options: MigrateOptions = {}): Promise<boolean> {
    return migrateApp(this, options);
  }

  /** Whether a worker can start on these tables. */
  isUpToDate(): Promise<boolean> {
    return isUpToDate(this);
  }

  /**
   * Stores a queue and tells the workers. A queue of that name that is there already wins, unless `upsert` is set. Resolves to the
   * queue as the table has it then.
   */
  declare(queue: Queue, options: { readonly upsert?: boolean } = {}): Promise<StoredQueue> {
    return this.#queueStore.declare(queue, options.upsert ?? false);
  }

  /** Stores a job, in the queue that is named or else the job's own, and tells the workers. */
  push(job: Job): Promise<Reference>;
  push(queue: string, job: Job): Promise<Reference>;
  async push(queueOrJob: string | Job, job?: Job): Promise<Reference> {
    if (typeof queueOrJob !== 'string') return this.#jobStore.push(queueOrJob);
    if (job === undefined) throw new SpoolgateError('JOB_INVALID', { detail: 'push(queue, job): there is no job' });
    return this.#jobStore.push((job instanceof Job ? job : new Job(job)).withQueue(queueOrJob));
  }

  /**
   * Stores jobs in statements, and so transactions, of 1000 (or 16 MB), one after the other; ids rise in the order of the input. A job
   * whose unique key an unfinished job has is not stored: its reference is that of the other job. If it rejects, the batches before
   * the bad one are stored; for all or nothing use `pushManyEx`.
   */
  pushMany(jobs: Iterable<Job> | AsyncIterable<Job>): Promise<Reference[]> {
    return this.#jobStore.pushMany(jobs);
  }

  /** The same on a connection of the caller's, inside its transaction: jobs and notifications are there when the caller commits. */
  pushManyEx(client: QueryClient, jobs: Iterable<Job> | AsyncIterable<Job>): Promise<Reference[]> {
    return this.#jobStore.pushManyEx(client, jobs);
  }

  /** Null if there is no such job. Rejects with `JOB_UNREADABLE` if another program wrote what cannot be read. */
  getJob(job: JobHandle): Promise<QueuedJob | null> {
    return this.#jobStore.getJob(job);
  }

  /** The jobs that are there and readable, in the order asked for. */
  getJobs(jobs: Iterable<JobHandle>): Promise<QueuedJob[]> {
    return this.#jobStore.getJobs(jobs);
  }

  /** Jobs for people to look at, the last pushed first; those that cannot be read are left out. */
  listJobs(options: ListJobsOptions = {}): Promise<ListedJob[]> {
    return this.#jobList.list(options);
  }

  /** Ids of jobs that begin with `prefix`, in order, at most `limit` of them. */
  findJobIds(prefix: string, limit = 10): Promise<string[]> {
    return this.#jobList.find(prefix, limit);
  }

  /** Resolves when the job has ended, or is in one of `states`; to null when there is no such job (any more). */
  waitForJob(job: JobHandle, options: WaitOptions = {}): Promise<QueuedJob | null> {
    return this.#jobStore.waitForJob(job, options);
  }

  /** The same for all of them; the result is in the order asked for. */
  waitForJobs(jobs: Iterable<JobHandle>, options: WaitOptions = {}): Promise<(QueuedJob | null)[]> {
    return this.#jobStore.waitForJobs(jobs, options);
  }

  /**
   * Ends a job that is not finished: its row is failed at once, with an error of code `CANCELLED`, and whoever runs it is told. Its late
   * result is refused. Resolves to whether there was anything to cancel: a finished job stays as it is.
   */
  cancelJob(job: JobHandle): Promise<boolean> {
    return this.#jobStore.cancelJob(job);
  }

  /** No job of the queue is started any more, until `resumeAt` or `resumeQueue`; running ones go on. Rejects with `QUEUE_NOT_FOUND`. */
  pauseQueue(name: string, options: { readonly resumeAt?: Date } = {}): Promise<void> {
    return this.#queueStore.pause(name, options.resumeAt);
  }

  /** Rejects with `QUEUE_NOT_FOUND`. */
  resumeQueue(name: string): Promise<void> {
    return this.#queueStore.resume(name);
  }

  /** Removes a queue and, unless told otherwise, all its jobs; those that run are cancelled. */
  deleteQueue(name: string, options: { readonly purgeJobs?: boolean } = {}): Promise<DeletedQueue> {
    return this.#queueStore.delete(name, options.purgeJobs ?? true);
  }

  /** Null if there is no such queue. Rejects with `QUEUE_UNREADABLE` if another program wrote what cannot be read. */
  getQueue(name: string): Promise<StoredQueue | null> {
    return this.#queueStore.get(name);
  }

  /** By name; those that cannot be read are left out. */
  getAllQueues(): Promise<StoredQueue[]> {
    return this.#queueStore.all();
  }

  /** By id: every worker that announced itself, and has not been gone for longer than its heartbeats allow. */
  async getAllWorkers(): Promise<StoredWorker[]> {
    const rows = await this.database.query(selectWorkers(this.tables), []);
    return rows.map(parseWorkerRow).filter((worker) => worker !== undefined);
  }

  /** Ends the connections, unless they are of the caller's pool. Harmless twice. */
  close(): Promise<void> {
    return this.database.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const distinct = (queues: readonly Queue[]): readonly Queue[] => {
  const names = new Set<string>();
  for (const { name } of queues) {
    if (names.has(name)) throw new SpoolgateError('APP_INVALID', { detail: `queues: ${name} is there twice` });
    names.add(name);
  }
  return queues;
};
