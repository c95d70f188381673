/** What a job's function is given beside its kwargs. Frozen; only `meta` may be changed, in place. */
export interface JobContext {
  readonly id: string;
  readonly queue: string;
  /** The number of this run: 1 for the first. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /**
   * The job's meta, a deep copy that the function may change; it is stored with the result, whatever the result is. What JSON cannot hold
   * is replaced and noted under `meta_notes`.
   */
  readonly meta: Record<string, unknown>;
  /**
   * Aborts when the job is cancelled, its time limit is up, the run is no longer this worker's, or the worker stops. `signal.reason` is a
   * SpoolgateError with the code. Pass it on to fetch, timers and streams: a function that ignores it cannot be ended.
   */
  readonly signal: AbortSignal;
  /**
   * Writes `{ fraction, message }` to `meta.progress`, at most every 500 ms while the job runs. `fraction` is held to 0..1; one that is
   * not a finite number leaves the last one standing. Does nothing once the run has ended.
   */
  progress(this: void, fraction: number, message?: string): void;
}

/**
 * A function that a job may name. It is called with the job's kwargs as one object, its own deep copy, and may return a promise. What it
 * returns is not kept; a throw or a rejection is a failed run. `never` lets every signature of kwargs through: they come from the database,
 * so a careful function checks them.
 */
export type JobFunction = (kwargs: never, context: JobContext) => unknown;
