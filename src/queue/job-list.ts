import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Database } from './database/database.js';
import { faultText } from './field.js';
import { type JobRow, parseJobRow } from './job-row.js';
import { type JobState, type QueuedJob, jobStates } from './queued-job.js';
import { listJobs, selectIdRange } from './sql/list-jobs.js';
import type { Tables } from './tables.js';

export interface ListJobsOptions {
  /** Only jobs in these states. */
  readonly states?: readonly JobState[];
  readonly queue?: string;
  /** 100 by default. */
  readonly limit?: number;
}

/** A job in a list. */
export interface ListedJob extends QueuedJob {
  /** The shortest beginning of its id that no other job shares now; at least 8 characters. */
  readonly shortId: string;
}

const schema = z.strictObject({
  states: z.array(z.enum(jobStates)).readonly().optional(),
  queue: z.string().optional(),
  limit: z.int().min(1).max(1_000_000).default(100),
});

const shortestId = 8;

/** Lists jobs for people; not part of Chancy's own methods. */
export class JobList {
  readonly #database: Database;
  readonly #tables: Tables;

  constructor(database: Database, tables: Tables) {
    this.#database = database;
    this.#tables = tables;
  }

  async list(options: ListJobsOptions): Promise<ListedJob[]> {
    const parsed = schema.safeParse(options);
    if (!parsed.success) throw new SpoolgateError('JOB_INVALID', { detail: faultText(parsed.error) });
    const { states, queue, limit } = parsed.data;
    const rows = await this.#database.query<JobRow>(listJobs(this.#tables), [states ?? null, queue ?? null, limit]);
    return rows.flatMap((row) => {
      const job = parseJobRow(row);
      return job.ok ? [{ ...job.job, shortId: shortIdOf(row) }] : [];
    });
  }

  /** Ids that begin with a text, hyphens or not; none if it can begin no id. */
  async find(prefix: string, limit: number): Promise<string[]> {
    const digits = prefix.toLowerCase().replaceAll('-', '');
    if (!/^[0-9a-f]{1,32}$/.test(digits)) return [];
    const values = [digits.padEnd(32, '0'), digits.padEnd(32, 'f'), limit];
    const rows = await this.#database.query<{ id: string }>(selectIdRange(this.#tables), values);
    return rows.map(({ id }) => id);
  }
}

const shortIdOf = ({ id, id_before: before, id_after: after }: JobRow): string => {
  const shared = Math.max(sharedLength(id, before), sharedLength(id, after));
  const short = id.slice(0, Math.max(shortestId, shared + 1));
  return short.endsWith('-') ? id.slice(0, short.length + 1) : short;
};

const sharedLength = (id: string, other: unknown): number => {
  if (typeof other !== 'string') return 0;
  let length = 0;
  while (length < id.length && id[length] === other[length]) length += 1;
  return length;
};
