import type { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import type { ThrownError } from './thrown-error.js';

/** How a run ended; `interrupted` when it gave up because its worker stops. */
export type RunOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly error: ThrownError }
  | { readonly kind: 'interrupted' };

/** One run of a job's function, wherever its code runs. */
export interface Run {
  readonly job: QueuedJob;
  /** Whether the function's code has come to its end: nothing of it is at work any more. */
  readonly hasSettled: boolean;
  /** Tells the function to end; the first reason is the one that counts. */
  abort(reason: SpoolgateError): void;
  /** Runs the function, once; never rejects. May resolve before the function's end where that cannot be brought about. */
  outcome(): Promise<RunOutcome>;
  /** Resolves when the function's code has come to its end. */
  untilSettled(): Promise<void>;
  /** Writes no more meta; returns the one to be stored with the result. */
  endMeta(): QueuedJob['meta'];
}
