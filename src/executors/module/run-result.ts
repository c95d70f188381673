import { errorEntry } from '../../errors/error-table.js';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { thrownError } from './thrown-error.js';

type Meta = QueuedJob['meta'];

/** `job` after a run that succeeded now. */
export const succeededJob = (job: QueuedJob, meta: Meta): QueuedJob => ({
  ...job,
  meta,
  state: 'succeeded',
  attempts: job.attempts + 1,
  completedAt: new Date(),
});

const isFinal = (job: QueuedJob, thrown: unknown): boolean =>
  job.attempts + 1 >= job.maxAttempts || (thrown instanceof SpoolgateError && errorEntry(thrown.code).job === 'fail');

/**
 * `job` after a run that failed now with `thrown`: RETRYING while attempts remain, unless the error table says that a retry cannot help,
 * else FAILED. `scheduledAt` stays, so that the job is due at once; a backoff is the retry plugin's to add.
 */
export const failedJob = (job: QueuedJob, meta: Meta, thrown: unknown): QueuedJob => {
  const final = isFinal(job, thrown);
  return {
    ...job,
    meta,
    state: final ? 'failed' : 'retrying',
    attempts: job.attempts + 1,
    completedAt: final ? new Date() : null,
    errors: [...job.errors, thrownError(thrown, job.attempts)],
  };
};
