import type { JobError, QueuedJob } from '../queued-job.js';
import { storedJobError } from './job-error.js';
import { jsonText } from './json-text.js';

export type EndState = 'succeeded' | 'failed' | 'retrying';

/** The end of one run, in the columns that `finishJobs` writes. Undefined fields are left as they are in the table. */
export interface RunResult {
  readonly id: string;
  readonly queue: string;
  /** `attempts` as it was fetched. */
  readonly was: number;
  readonly attempts: number;
  readonly state: EndState;
  readonly scheduledAt?: Date | undefined;
  readonly maxAttempts?: number | undefined;
  /** JSON text. */
  readonly meta?: string | undefined;
  /** Those of this run, to be appended. */
  readonly errors: readonly JobError[];
}

const longestMeta = 8 * 1024 * 1024;
const mostErrors = 20;
const int32 = (value: number): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));

export const isEndState = (state: string): state is EndState =>
  state === 'succeeded' || state === 'failed' || state === 'retrying';

/**
 * What is to be stored when a run that was fetched as `fetched` ended as `ended`: `attempts` counts the run whatever the executor says, and
 * meta, due time and attempts allowed are only written where they were changed, so that what others wrote meanwhile stays.
 * `metaFault` is set when the changed meta cannot be stored; the run's end is stored without it.
 */
export const runResult = (
  fetched: QueuedJob,
  ended: QueuedJob & { readonly state: EndState },
): { readonly result: RunResult; readonly metaFault?: string } => {
  const changed = ended.meta !== fetched.meta;
  const meta = changed ? metaText(ended.meta) : undefined;
  const { scheduledAt, maxAttempts } = ended;
  const result: RunResult = {
    id: fetched.id,
    queue: fetched.queue,
    was: fetched.attempts,
    attempts: int32(Math.max(fetched.attempts + 1, Number.isFinite(ended.attempts) ? ended.attempts : 0)),
    state: ended.state,
    scheduledAt: isOtherTime(scheduledAt, fetched.scheduledAt) ? scheduledAt : undefined,
    maxAttempts: Number.isFinite(maxAttempts) && maxAttempts !== fetched.maxAttempts ? int32(maxAttempts) : undefined,
    meta,
    errors: Array.isArray(ended.errors) ? newErrors(ended.errors, fetched.errors) : [],
  };
  if (!changed || meta !== undefined) return { result };
  return { result, metaFault: `meta: is not a JSON object of at most ${longestMeta} characters` };
};

/** Meta as JSON text that jsonb takes; undefined when it is none, or too long. */
export const metaText = (meta: unknown): string | undefined => {
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) return undefined;
  const text = jsonText(meta);
  return text !== undefined && text.startsWith('{') && text.length <= longestMeta ? text : undefined;
};

/** Whether a time was given that is another one, and that Postgres and Python's datetime can hold. */
const isOtherTime = (time: unknown, before: Date): boolean => {
  if (!(time instanceof Date) || Number.isNaN(time.getTime()) || time.getTime() === before.getTime()) return false;
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999;
};

const newErrors = (errors: readonly JobError[], before: readonly JobError[]): readonly JobError[] =>
  errors.slice(before.length).slice(-mostErrors).map(storedJobError);

/** One element of the array that `finishJobs` takes. */
export const resultText = (result: RunResult): string => {
  const { id, was, attempts, state, scheduledAt, maxAttempts, meta, errors } = result;
  const rest =
    jsonText({ id, was, attempts, state, scheduled_at: scheduledAt, max_attempts: maxAttempts, errors }) ?? '';
  return meta === undefined ? rest : `${rest.slice(0, -1)},"meta":${meta}}`;
};
