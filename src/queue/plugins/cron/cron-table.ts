import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import type { Chancy } from '../../chancy.js';
import { Job } from '../../job.js';
import { packJob, unpackJob } from '../../packed-job.js';
import { rowTime } from '../../row-time.js';
import {
  type CronRow,
  type ServerTimeRow,
  deleteCron,
  selectCron,
  serverTime,
  upsertCron,
} from '../../sql/cron-rows.js';
import { newCronTimes } from './cron-expression.js';

/** One row of the cron table. */
export interface CronEntry {
  readonly uniqueKey: string;
  readonly cron: string;
  readonly lastRun: Date | null;
  readonly nextRun: Date;
  /** What is pushed; undefined when another program wrote what is no job. */
  readonly job: Job | undefined;
}

const invalid = (detail: string): SpoolgateError => new SpoolgateError('CRON_INVALID', { detail });

/** Stores an entry for each job, under its unique key. All of them or none. */
export const scheduleJobs = async (chancy: Chancy, cron: string, given: readonly Job[]): Promise<void> => {
  const times = newCronTimes(cron);
  if (!times.ok) throw invalid(`${cron}: ${times.reason}`);
  const jobs = given.map((job) => (job instanceof Job ? job : new Job(job)));
  const keys = jobs.map(({ func, uniqueKey }) => {
    if (uniqueKey === null) throw invalid(`${func}: has no uniqueKey, by which the entry is known`);
    return uniqueKey;
  });
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalid(`${twice}: two jobs have this uniqueKey`);
  await chancy.database.transaction(async (client) => {
    const { rows } = await client.query<ServerTimeRow>(serverTime().text);
    const nowMs = Math.floor(rows[0]?.now_ms ?? Date.now());
    const nextRun = times.next(new Date(nowMs));
    if (nextRun === undefined) throw invalid(`${cron}: is never`);
    const entries = jobs.map((job, index) => ({
      unique_key: keys[index],
      job: packJob(job, () => nowMs),
      cron: cron.trim(),
      next_run: nextRun.toISOString(),
    }));
    const channel = chancy.notifications ? chancy.tables.channel : null;
    await client.query(upsertCron(chancy.tables).text, [JSON.stringify(entries), channel]);
  });
};

/** Deletes entries; resolves to how many of them were there. */
export const unscheduleJobs = async (chancy: Chancy, uniqueKeys: readonly string[]): Promise<number> => {
  const rows = await chancy.database.query(deleteCron(chancy.tables), [uniqueKeys]);
  return rows.length;
};

/** The entries of these keys, or all, by key. */
export const cronEntries = async (chancy: Chancy, uniqueKeys?: readonly string[]): Promise<CronEntry[]> => {
  const rows = await chancy.database.query<CronRow>(selectCron(chancy.tables), [uniqueKeys ?? null]);
  return rows.map(({ unique_key, cron, last_run, next_run, job }) => {
    const unpacked = unpackJob(job);
    return {
      uniqueKey: unique_key,
      cron,
      lastRun: last_run === null ? null : rowTime.parse(last_run),
      nextRun: rowTime.parse(next_run),
      job: unpacked.ok ? unpacked.job : undefined,
    };
  });
};
