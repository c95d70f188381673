/** What the executor does with a job that ended with this error. */
type JobOutcome =
  /** RETRYING with backoff while attempts remain, else FAILED: nothing has moved, heated or been extruded. */
  | 'retry'
  /** FAILED at once: trying again cannot help, or is not safe. */
  | 'fail'
  /** Not a job's end: the error belongs to a command, the configuration or the service itself. */
  | 'none';

/** One row of the error table. */
export interface ErrorEntry {
  /** What happened, in one sentence without a full stop; the detail of the occurrence is appended to it. */
  readonly summary: string;
  /** What the operator should do next. */
  readonly remedy: string;
  readonly job: JobOutcome;
  /** Whether the printer is set aside until a person has looked at it. */
  readonly setsPrinterAside?: boolean;
}

export type ErrorTable = Readonly<Record<string, ErrorEntry>>;
