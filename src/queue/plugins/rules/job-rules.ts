import { z } from 'zod';
import { int32, storedText, storedTime } from '../../field.js';
import { isJobId } from '../../job-id.js';
import { type JobState, jobStates } from '../../queued-job.js';
import { AgeField } from './age-field.js';
import { RuleField } from './rule-field.js';

/** When a finished job ended, or the latest that is known of it: Python cancels without writing the time. Our index is on this very text. */
export const endedAt = 'coalesce(completed_at, started_at, created_at)';

const textField = (name: string, column: string): RuleField<string> =>
  new RuleField({ name, column: () => column, type: 'text', schema: storedText() });

const numberField = (name: string, column: string): RuleField<number> =>
  new RuleField({ name, column: () => column, type: 'integer', schema: int32() });

const timeField = (name: string, column: string): RuleField<Date> =>
  new RuleField({ name, column: () => column, type: 'timestamptz', schema: storedTime() });

const jsonField = (column: 'kwargs' | 'meta', path: readonly string[]): RuleField<string> =>
  new RuleField({
    name: [column, ...path].join('.'),
    column: (parameters) => `(${column} #>> ${parameters.add(path)}::text[])`,
    type: 'text',
    schema: storedText(),
  });

/**
 * The fields of a job that rules speak of: Chancy's, and some more. `JobRules.queue.eq('mail').and(JobRules.age.gt(3600))` means the jobs
 * of the queue `mail` that were pushed more than an hour ago.
 */
export const JobRules = {
  id: new RuleField({
    name: 'id',
    column: () => 'id',
    type: 'uuid',
    schema: z.string().refine(isJobId, 'is not a job id'),
  }),
  queue: textField('queue', 'queue'),
  func: textField('func', 'func'),
  uniqueKey: textField('uniqueKey', 'unique_key'),
  takenBy: textField('takenBy', 'taken_by'),
  state: new RuleField<JobState>({ name: 'state', column: () => 'state', type: 'text', schema: z.enum(jobStates) }),
  priority: numberField('priority', 'priority'),
  attempts: numberField('attempts', 'attempts'),
  maxAttempts: numberField('maxAttempts', 'max_attempts'),
  createdAt: timeField('createdAt', 'created_at'),
  scheduledAt: timeField('scheduledAt', 'scheduled_at'),
  startedAt: timeField('startedAt', 'started_at'),
  completedAt: timeField('completedAt', 'completed_at'),
  /** Seconds since it was pushed: Chancy's Age. */
  age: new AgeField('age', 'created_at'),
  /** Seconds since a finished job ended. */
  endedAge: new AgeField('endedAge', endedAt),
  /** The code of the last error: `JOB_TIME_LIMIT`. Errors of Python have none. */
  errorCode: textField('errorCode', "(errors -> -1 ->> 'code')"),
  /** A value inside kwargs, as text: `JobRules.kwargs('to', 'city').eq('Berlin')`. Texts are without quotes. */
  kwargs: (...path: readonly string[]): RuleField<string> => jsonField('kwargs', path),
  /** The same for meta. */
  meta: (...path: readonly string[]): RuleField<string> => jsonField('meta', path),
} as const;
