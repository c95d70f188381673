import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Database } from './database/database.js';
import type { Statement } from './database/statement.js';
import { isJobId } from './job-id.js';
import { type JobRow, parseJobRow } from './job-row.js';
import type { Job } from './job.js';
import { PushBatch, pushBatches } from './push-batch.js';
import type { PushHooks } from './push-hooks.js';
import type { QueuedJob } from './queued-job.js';
import type { Reference } from './reference.js';
import { cancelJob, selectJobStates, selectJobs } from './sql/jobs.js';
import { type KeyedRow, pushJobs } from './sql/push.js';
import type { Tables } from './tables.js';
import { type WaitOptions, pollUntil } from './wait-for-jobs.js';

/** A job by its id, or by what a push returned. */
export type JobHandle = Reference | string;

/** The part of pg's client that a push in the caller's own transaction needs. */
export interface QueryClient {
  query(config: { text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** What an app does with jobs; Chancy's methods of the same names. */
export class JobStore {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #notifications: boolean;
  readonly #push: Statement;
  readonly #hooks: PushHooks;

  constructor(database: Database, tables: Tables, notifications: boolean, hooks: PushHooks) {
    this.#database = database;
    this.#tables = tables;
    this.#notifications = notifications;
    this.#push = pushJobs(tables);
    this.#hooks = hooks;
  }

  async pushMany(jobs: Iterable<Job> | AsyncIterable<Job>): Promise<Reference[]> {
    return this.#pushThrough(jobs, (values) => this.#database.query<KeyedRow>(this.#push, values));
  }

  async pushManyEx(client: QueryClient, jobs: Iterable<Job> | AsyncIterable<Job>): Promise<Reference[]> {
    return this.#pushThrough(jobs, async (values) => {
      const result = await client.query({ text: this.#push.text, values: [...values] });
      return result.rows as KeyedRow[];
    });
  }

  async #pushThrough(
    jobs: Iterable<Job> | AsyncIterable<Job>,
    run: (values: readonly unknown[]) => Promise<KeyedRow[]>,
  ): Promise<Reference[]> {
    const hooks = this.#hooks;
    const references: Reference[] = [];
    /** Those of the batch that is under way. */
    const hooked: Job[] = [];
    try {
      for await (const batch of pushBatches(hooks.areNone ? jobs : hooks.pushingAll(jobs, hooked))) {
        const rows = await run(batch.values(this.#tables.channel, this.#notifications));
        const stored = batch.references(rows);
        for (const reference of stored) references.push(reference);
        hooks.pushed(hooked.splice(0), stored);
      }
    } catch (error) {
      hooks.failed(hooked, error);
      throw error;
    }
    return references;
  }

  /** One job, without the detour of batches. */
  async push(job: Job): Promise<Reference> {
    const batch = new PushBatch();
    const hooked = this.#hooks.pushing(job);
    try {
      batch.add(hooked);
      const rows = await this.#database.query<KeyedRow>(
        this.#push,
        batch.values(this.#tables.channel, this.#notifications),
      );
      const [reference] = batch.references(rows);
      if (reference === undefined) throw new Error('a batch of one job has no reference');
      this.#hooks.pushed([hooked], [reference]);
      return reference;
    } catch (error) {
      this.#hooks.failed([hooked], error);
      throw error;
    }
  }

  async getJob(handle: JobHandle): Promise<QueuedJob | null> {
    const [row] = await this.#rows([String(handle)]);
    return row === undefined ? null : readable(row);
  }

  async getJobs(handles: Iterable<JobHandle>): Promise<QueuedJob[]> {
    const ids = [...handles].map(String);
    const byId = new Map<string, QueuedJob>();
    for (const row of await this.#rows(ids)) {
      const parsed = parseJobRow(row);
      if (parsed.ok) byId.set(parsed.job.id, parsed.job);
    }
    return ids.map((id) => byId.get(id.toLowerCase())).filter((job) => job !== undefined);
  }

  async #rows(ids: readonly string[]): Promise<JobRow[]> {
    const possible = ids.filter(isJobId);
    return possible.length === 0 ? [] : this.#database.query<JobRow>(selectJobs(this.#tables), [possible]);
  }

  async waitForJob(handle: JobHandle, options: WaitOptions): Promise<QueuedJob | null> {
    const [job] = await this.waitForJobs([handle], options);
    return job ?? null;
  }

  async waitForJobs(handles: Iterable<JobHandle>, options: WaitOptions): Promise<(QueuedJob | null)[]> {
    const ids = [...handles].map((handle) => String(handle).toLowerCase());
    const states: readonly string[] = options.states ?? ['succeeded', 'failed'];
    let waiting: readonly string[] = ids.filter(isJobId);
    const look = async (): Promise<JobRow[] | undefined> => {
      waiting = await this.#notIn(states, waiting);
      return waiting.length === 0 ? this.#rows(ids) : undefined;
    };
    const missing = (): string => `${waiting.length} of ${ids.length} jobs are not ${states.join(' or ')}`;
    const rows = await pollUntil(look, missing, options);
    const byId = new Map(rows.map((row) => [row.id, readable(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** Those of the jobs that are there and in none of the states. */
  async #notIn(states: readonly string[], ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return ids;
    const rows = await this.#database.query<{ id: string; state: string }>(selectJobStates(this.#tables), [ids]);
    return rows.filter(({ state }) => !states.includes(state)).map(({ id }) => id);
  }

  async cancelJob(handle: JobHandle): Promise<boolean> {
    const id = String(handle);
    if (!isJobId(id)) return false;
    const error = new SpoolgateError('CANCELLED');
    const channel = this.#notifications ? this.#tables.channel : null;
    const values = [id, error.message, error.code, error.message, channel];
    const rows = await this.#database.query(cancelJob(this.#tables), values);
    return rows.length > 0;
  }
}

const readable = (row: JobRow): QueuedJob => {
  const parsed = parseJobRow(row);
  if (parsed.ok) return parsed.job;
  throw new SpoolgateError('JOB_UNREADABLE', { detail: `${parsed.id}: ${parsed.reason}`, data: { id: parsed.id } });
};
