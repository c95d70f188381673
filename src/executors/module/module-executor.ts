import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { ExecutorContext } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { FunctionExecutor } from '../functions/function-executor.js';
import { FunctionLookup } from '../functions/function-lookup.js';
import { FunctionRun } from '../functions/function-run.js';
import { type AllowedModules, allowedModules, type ModuleExecutorOptions, rowRoots } from './module-options.js';
import type { Run } from '../functions/run.js';
import { RunMeta } from '../functions/run-meta.js';

const nothingAllowed = allowedModules({});

/**
 * Runs jobs whose `func` names a function of this process: `tasks.mail.send` (module and export, split at the last dot),
 * `./tasks/mail.js#send`, or a registered name. Used as such it allows nothing; `ModuleExecutor.with({ roots, functions })` gives a class
 * that does. `executor_options.roots` of the queue's row may narrow the roots, never widen them.
 *
 * The function shares the worker's thread. Told to end (cancel, time limit) it has `graceMs`; if it goes on, its run is reported failed, its
 * late result is dropped, and its place in the queue stays taken until it ends, so that concurrency is never exceeded unseen. The same job
 * is not begun again on this worker meanwhile; another worker may. A rejection that the function leaves unhandled is not caught here: it
 * ends the process, as Node has it.
 */
export class ModuleExecutor extends FunctionExecutor {
  /** Most job functions wait for something; those that compute share one thread whatever the number. */
  static override readonly defaultConcurrency: number = 10;

  protected static readonly allowed: AllowedModules = nothingAllowed;

  /** The grace of its functions. */
  protected override readonly stopMs: number;
  readonly #lookup: FunctionLookup;

  /** A class for a queue's `executor` that runs what `options` allow. Throws CONFIG_INVALID. */
  static with(options: ModuleExecutorOptions): typeof ModuleExecutor {
    const allowed = allowedModules(options);
    class Configured extends ModuleExecutor {
      protected static override readonly allowed = allowed;
    }
    Object.defineProperty(Configured, 'name', { value: allowed.name });
    return Configured;
  }

  /** Throws QUEUE_INVALID where the row's options are not `{ roots? }`. */
  constructor(context: ExecutorContext) {
    super(context);
    const { allowed } = this.constructor as typeof ModuleExecutor;
    this.stopMs = allowed.graceMs;
    this.#lookup = new FunctionLookup(allowed, rowRoots(this.queue.name, this.options));
  }

  protected override runOf(job: QueuedJob): Run {
    const meta = new RunMeta(job, this.queue, () =>
      run.abort(new SpoolgateError('JOB_CANCELLED', { detail: 'the run no longer belongs to this worker' })),
    );
    const run = new FunctionRun({ job, meta, graceMs: this.stopMs, find: (func) => this.#lookup.find(func) });
    return run;
  }
}
