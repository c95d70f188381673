import { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import { faultText, storedText } from '../../field.js';
import { Job } from '../../job.js';

export const triggerOperations = ['INSERT', 'UPDATE', 'DELETE'] as const;
export type TriggerOperation = (typeof triggerOperations)[number];

export interface TriggerOptions {
  /** As in SQL: `orders`, `shop.orders`, `"Orders"`. Names with capitals or other signs need quotes. */
  readonly table: string;
  /** What happens to a row. */
  readonly on: TriggerOperation | readonly TriggerOperation[];
  /** Pushed for each row; `schema`, `table`, `operation`, `old` and `new` are added to its kwargs. */
  readonly job: Job;
  /** What the trigger is known by: to register it again replaces it. `TABLE: FUNC` by default. */
  readonly name?: string;
  /** Only updates that name one of these columns, as they are in the table, without quotes; all by default. Needs `UPDATE` in `on`. */
  readonly columns?: readonly string[];
}

export interface CheckedTrigger {
  readonly table: string;
  readonly operations: readonly TriggerOperation[];
  readonly job: Job;
  readonly name: string;
  readonly columns: readonly string[];
}

const operation = z.enum(triggerOperations);

const schema = z
  .strictObject({
    table: storedText({ least: 1 }),
    on: z.union([operation.transform((one) => [one]), z.array(operation).min(1)]),
    job: z.custom<Job>((value) => typeof value === 'object' && value !== null, 'is not a Job'),
    name: storedText({ least: 1, mostBytes: 2000 }).optional(),
    columns: z.array(storedText({ least: 1 })).default([]),
  })
  .refine(({ on, columns }) => columns.length === 0 || on.includes('UPDATE'), 'columns: needs UPDATE in on');

/** Throws `TRIGGER_INVALID`, naming the option, and `JOB_INVALID`. */
export const checkTrigger = (options: TriggerOptions): CheckedTrigger => {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new SpoolgateError('TRIGGER_INVALID', { detail: faultText(parsed.error) });
  const { table, on, job: given, name, columns } = parsed.data;
  const job = given instanceof Job ? given : new Job(given);
  return {
    table,
    operations: triggerOperations.filter((one) => on.includes(one)),
    job,
    name: name ?? `${table}: ${job.func}`,
    columns: [...new Set(columns)].toSorted(),
  };
};
