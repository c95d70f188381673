import type { ChancyOptions } from '../../../src/queue/chancy-options.js';
import { Chancy } from '../../../src/queue/chancy.js';
import type { Job } from '../../../src/queue/job.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import type { Reference } from '../../../src/queue/reference.js';
import { Worker, type WorkerOptions } from '../../../src/queue/worker.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** An app with one worker on a database of its own. */
export class JobDatabase {
  readonly chancy: Chancy;
  readonly worker: Worker;
  readonly #database: TestDatabase;

  private constructor(database: TestDatabase, options: Omit<ChancyOptions, 'dsn' | 'pool'>, worker: WorkerOptions) {
    this.#database = database;
    this.chancy = new Chancy({ ...options, dsn: database.url });
    this.worker = new Worker(this.chancy, worker);
  }

  /** Migrates; the worker is not started yet. */
  static async create(options: Omit<ChancyOptions, 'dsn' | 'pool'>, worker: WorkerOptions = {}): Promise<JobDatabase> {
    const database = new JobDatabase(await createTestDatabase(), options, worker);
    await database.chancy.migrate();
    return database;
  }

  /** Pushes a job and resolves to it once it has ended. */
  async run(job: Job): Promise<QueuedJob> {
    return this.ended(await this.chancy.push(job));
  }

  async ended(job: Reference): Promise<QueuedJob> {
    const ended = await this.chancy.waitForJob(job, { intervalMs: 20, timeoutMs: 10_000 });
    if (ended === null) throw new Error('the job is gone');
    return ended;
  }

  /** Resolves when the job's row fulfils `condition`. */
  async until(job: Reference, condition: (row: QueuedJob) => boolean): Promise<QueuedJob> {
    for (;;) {
      const row = await this.chancy.getJob(job);
      if (row !== null && condition(row)) return row;
    }
  }

  async end(): Promise<void> {
    await this.worker.forceStop();
    await this.chancy.close();
    await this.#database.drop();
  }
}
