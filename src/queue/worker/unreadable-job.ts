import type { JobRow } from '../job-row.js';
import type { QueuedJob } from '../queued-job.js';

/** Stands for a job whose row cannot be read, so that its run can be ended as failed: what it has besides id and attempts is not to be used. */
export const unreadableJob = (row: JobRow, queue: string): QueuedJob => {
  const attempts = Number(row['attempts']);
  const now = new Date();
  return {
    id: row.id,
    queue,
    func: String(row['func']),
    kwargs: {},
    limits: [],
    meta: {},
    state: 'running',
    priority: 0,
    attempts,
    // No attempt is left after this one: the row will not read better the next time.
    maxAttempts: attempts + 1,
    takenBy: null,
    uniqueKey: null,
    createdAt: now,
    startedAt: now,
    completedAt: null,
    scheduledAt: now,
    errors: [],
  };
};
