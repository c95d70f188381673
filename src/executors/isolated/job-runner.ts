import { threadId } from 'node:worker_threads';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { exportedFunction, FunctionLookup } from '../functions/function-lookup.js';
import { FunctionRun } from '../functions/function-run.js';
import type { JobFunction } from '../functions/job-function.js';
import type { AbortOrder, AllowedSources, RunEnd, RunOrder, RunReport } from './messages.js';
import { PostedMeta } from './posted-meta.js';

const finder = (allowed: AllowedSources): ((func: string) => Promise<JobFunction>) => {
  const lookup = new FunctionLookup({ roots: allowed.roots, functions: new Map() }, allowed.rowRoots);
  return (func) => {
    const registered = Object.hasOwn(allowed.functions, func) ? allowed.functions[func] : undefined;
    return registered === undefined
      ? lookup.find(func)
      : exportedFunction(func, registered.file, registered.exportName);
  };
};

/**
 * Runs one job's function in the thread or process that it is constructed in. Time limits, the grace of an abort and all else that needs
 * force are the other side's, which does not depend on the function ever letting go of this thread.
 */
export class JobRunner {
  readonly #run: FunctionRun;
  readonly #meta: PostedMeta;
  readonly #post: (report: RunReport) => unknown;

  /** `post` may return a promise: the function begins once it has told that it does. */
  constructor({ job, allowed }: RunOrder, post: (report: RunReport) => unknown) {
    this.#post = post;
    this.#meta = new PostedMeta(job.meta, (meta) => void post({ kind: 'meta', meta }));
    this.#run = new FunctionRun({ job: wholeJob(job), meta: this.#meta, find: finder(allowed) });
  }

  abort({ code, detail }: AbortOrder): void {
    this.#run.abort(new SpoolgateError(code, detail === undefined ? {} : { detail }));
  }

  /** Runs the function to its end; never rejects. */
  async end(): Promise<RunEnd> {
    await this.#post({ kind: 'begun', threadId });
    const outcome = await this.#run.outcome();
    return { kind: 'ended', outcome, meta: this.#meta.end() };
  }
}

/** The job for a FunctionRun: what a function cannot see of it stays with the other side, and so do its limits. */
const wholeJob = (job: RunOrder['job']): QueuedJob => {
  const unseen = new Date(0);
  return {
    ...job,
    state: 'running',
    priority: 0,
    limits: [],
    takenBy: null,
    uniqueKey: null,
    createdAt: unseen,
    startedAt: null,
    completedAt: null,
    scheduledAt: unseen,
    errors: [],
  };
};
