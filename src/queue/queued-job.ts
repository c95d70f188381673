import type { Limit } from './limit.js';

export const jobStates = ['pending', 'running', 'retrying', 'succeeded', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

/** One failed run, as Chancy stores it: `attempt` is the 0-based number of the run that failed. */
export interface JobError {
  readonly traceback: string;
  readonly attempt: number;
  /** Spoolgate adds these two; Python's Chancy ignores them. */
  readonly code?: string;
  readonly message?: string;
}

/**
 * A job as the database has it. Plain data, so that `{ ...job, state: 'failed' }` is a job again.
 * `attempts` counts finished runs: it is 0 while the first one runs.
 */
export interface QueuedJob {
  readonly id: string;
  readonly queue: string;
  readonly func: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly limits: readonly Limit[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly state: JobState;
  readonly priority: number;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly takenBy: string | null;
  readonly uniqueKey: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly scheduledAt: Date;
  readonly errors: readonly JobError[];
}
