import { errorEntry } from '../../errors/error-table.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import type { ThrownError } from './thrown-error.js';

type Meta = QueuedJob['meta'];

/** `job` after a run that succeeded now. */
export const succeededJob = (job: QueuedJob, meta: Meta): QueuedJob => ({
  ...job,
  meta,
  state: 'succeeded',
  attempts: job.attempts + 1,
  completedAt: new Date(),
});

const isFinal = (job: QueuedJob, { code }: ThrownError): boolean =>
  job.attempts + 1 >= job.maxAttempts || (code !== undefined && errorEntry(code).job === 'fail');

/**
 * `job` after a run that failed now with `error`: RETRYING while attempts remain, unless the error table says that a retry cannot help,
 * else FAILED. `scheduledAt` stays, so that the job is due at once; a backoff is the retry plugin's to add.
 */
export const failedJob = (job: QueuedJob, meta: Meta, error: ThrownError): QueuedJob => {
  const final = isFinal(job, error);
  return {
    ...job,
    meta,
    state: final ? 'failed' : 'retrying',
    attempts: job.attempts + 1,
    completedAt: final ? new Date() : null,
    errors: [...job.errors, error],
  };
};
