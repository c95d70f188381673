import { z } from 'zod';
import { rowTime } from './row-time.js';

/** A worker as it last announced itself. */
export interface StoredWorker {
  readonly workerId: string;
  readonly tags: readonly string[];
  /** Names of the queues that it serves. */
  readonly queues: readonly string[];
  readonly lastSeen: Date;
  /** After this time the row is taken away by whoever beats next. */
  readonly expiresAt: Date;
}

const texts = z
  .array(z.string().nullable())
  .nullable()
  .transform((items) => (items ?? []).filter((item) => item !== null));

const schema = z.object({
  worker_id: z.string(),
  tags: texts,
  queues: texts,
  last_seen: rowTime,
  expires_at: rowTime,
});

/** Reads a row that any program may have written; undefined when it cannot be used. */
export const parseWorkerRow = (row: object): StoredWorker | undefined => {
  const parsed = schema.safeParse(row);
  if (!parsed.success) return undefined;
  const { worker_id: workerId, tags, queues, last_seen: lastSeen, expires_at: expiresAt } = parsed.data;
  return { workerId, tags, queues, lastSeen, expiresAt };
};
