import type { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { RunOrder, RunReport } from './messages.js';

/** What becomes of a run that was handed over. */
export interface RunnerListener {
  report(report: RunReport): void;
  /** The thread or process is gone, or never came to be; nothing of the run is at work any more. Called once, unless it reported an end. */
  lost(error: SpoolgateError): void;
}

/** A thread or process that has been given one run. */
export interface Runner {
  /** Tells the function to end. */
  abort(reason: SpoolgateError): void;
  /** Ends the function by force; `lost` tells when it has ended. */
  kill(): void;
  /** The run has ended in good order. With `again`, what ran it may be given another. */
  release(again: boolean): void;
}

/** Hands a run to a thread or process: an idle one or a new one. `memoryBytes` is the job's own limit. */
export type StartRunner = (order: RunOrder, memoryBytes: number | undefined, listener: RunnerListener) => Runner;
