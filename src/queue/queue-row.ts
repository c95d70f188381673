import { z } from 'zod';
import { faultText } from './field.js';
import { type QueueState, queueStates } from './queue.js';
import { rowTime } from './row-time.js';

/** A queues row as pg gives it: parse it before use. */
export interface QueueRow {
  readonly name: string;
  readonly [column: string]: unknown;
}

/** A queue as the database has it, whoever declared it. */
export interface StoredQueue {
  readonly name: string;
  readonly state: QueueState;
  /** Jobs at once on each worker; null leaves it to the executor. */
  readonly concurrency: number | null;
  /** Python regular expressions. */
  readonly tags: readonly string[];
  readonly executor: string;
  readonly executorOptions: Readonly<Record<string, unknown>>;
  /** Seconds; null means that only notifications wake the queue. */
  readonly pollingInterval: number | null;
  readonly createdAt: Date;
  readonly rateLimit: number | null;
  /** Seconds; set wherever `rateLimit` is. */
  readonly rateLimitWindow: number | null;
  readonly resumeAt: Date | null;
  readonly eagerPolling: boolean;
}

export type ParsedQueueRow =
  | { readonly ok: true; readonly queue: StoredQueue }
  /** Another program wrote something that cannot be used; `reason` names the column. */
  | { readonly ok: false; readonly name: string; readonly reason: string };

const schema = z.object({
  name: z.string(),
  state: z.enum(queueStates),
  concurrency: z.number().nullable(),
  tags: z.array(z.string().nullable()).nullable(),
  executor: z.string(),
  executor_options: z.record(z.string(), z.unknown()).nullable(),
  polling_interval: z.number().nullable(),
  created_at: rowTime,
  rate_limit: z.number().nullable(),
  rate_limit_window: z.number().nullable(),
  resume_at: rowTime.nullable(),
  eager_polling: z.boolean(),
});

/**
 * Reads a row that any program may have written; never throws. NULL tags serve nobody, NULL options are none. A rate limit without a
 * window cannot be kept and makes the row unusable, rather than being dropped in silence.
 */
export const parseQueueRow = (row: QueueRow): ParsedQueueRow => {
  const unusable = (reason: string): ParsedQueueRow => ({ ok: false, name: row.name, reason });
  const parsed = schema.safeParse(row);
  if (!parsed.success) return unusable(faultText(parsed.error));
  const { data } = parsed;
  if (data.rate_limit !== null && !(data.rate_limit_window !== null && data.rate_limit_window > 0)) {
    return unusable('rate_limit_window: is needed with rate_limit');
  }
  if (data.concurrency !== null && data.concurrency < 0) return unusable('concurrency: is negative');
  return {
    ok: true,
    queue: {
      name: data.name,
      state: data.state,
      concurrency: data.concurrency,
      tags: (data.tags ?? []).filter((tag) => tag !== null),
      executor: data.executor,
      executorOptions: data.executor_options ?? {},
      pollingInterval: data.polling_interval,
      createdAt: data.created_at,
      rateLimit: data.rate_limit,
      rateLimitWindow: data.rate_limit_window,
      resumeAt: data.resume_at,
      eagerPolling: data.eager_polling,
    },
  };
};
