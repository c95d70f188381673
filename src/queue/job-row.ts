import { z } from 'zod';
import { faultText } from './field.js';
import { type QueuedJob, jobStates } from './queued-job.js';
import { rowTime } from './row-time.js';

/** A jobs row as pg gives it: parse it before use. */
export interface JobRow {
  readonly id: string;
  readonly [column: string]: unknown;
}

export type ParsedJobRow =
  | { readonly ok: true; readonly job: QueuedJob }
  /** Another program wrote something that cannot be used; `reason` names the column. */
  | { readonly ok: false; readonly id: string; readonly reason: string };

const noObject = Object.freeze({});

/** JSON null stands for "nothing" in rows of other programs (wire contract, section 3). */
const objectOrNull = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((value) => value ?? noObject);

const limit = z.object({ t: z.enum(['memory', 'time']), v: z.number().positive() });

/** What is kept of an entry of `errors`, whoever wrote it. */
const jobError = z
  .looseObject({ traceback: z.string().catch(''), attempt: z.number().catch(0) })
  .catch((context) => ({ traceback: JSON.stringify(context.value) ?? '', attempt: 0 }));

const schema = z.object({
  id: z.string(),
  queue: z.string(),
  func: z.string().min(1),
  kwargs: objectOrNull,
  limits: z
    .array(limit)
    .nullable()
    .transform((limits) => limits ?? []),
  meta: objectOrNull,
  state: z.enum(jobStates),
  // NULL runs before everything else in Chancy's order.
  priority: z
    .number()
    .nullable()
    .transform((priority) => priority ?? 2 ** 31 - 1),
  attempts: z
    .number()
    .nullable()
    .transform((attempts) => attempts ?? 0),
  max_attempts: z.number(),
  taken_by: z.string().nullable(),
  unique_key: z.string().nullable(),
  created_at: rowTime,
  started_at: rowTime.nullable(),
  completed_at: rowTime.nullable(),
  scheduled_at: rowTime,
  errors: z.array(jobError).catch([]),
});

/** Reads a row that any program may have written; never throws. */
export const parseJobRow = (row: JobRow): ParsedJobRow => {
  const parsed = schema.safeParse(row);
  if (!parsed.success) return { ok: false, id: row.id, reason: faultText(parsed.error) };
  const { max_attempts, taken_by, unique_key, created_at, started_at, completed_at, scheduled_at, errors, ...same } =
    parsed.data;
  return {
    ok: true,
    job: {
      ...same,
      maxAttempts: max_attempts,
      takenBy: taken_by,
      uniqueKey: unique_key,
      createdAt: created_at,
      startedAt: started_at,
      completedAt: completed_at,
      scheduledAt: scheduled_at,
      errors,
    },
  };
};
