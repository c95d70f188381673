import { availableParallelism } from 'node:os';
import type { ExecutorContext } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { FunctionExecutor } from '../functions/function-executor.js';
import type { Run } from '../functions/run.js';
import type { IsolatedSettings } from './isolated-options.js';
import { IsolatedRun, killWaitMs } from './isolated-run.js';
import type { AllowedSources } from './messages.js';
import type { StartRunner } from './runner.js';

/** Runs functions in threads or processes of their own. */
export abstract class IsolatedExecutor extends FunctionExecutor {
  /** As many as the machine can do at once. */
  static override readonly defaultConcurrency: number = availableParallelism();

  protected override readonly stopMs: number;
  readonly #graceMs: number;
  readonly #allowed: AllowedSources;

  constructor(context: ExecutorContext, settings: IsolatedSettings, rowRoots: readonly string[] | undefined) {
    super(context);
    const { roots, functions, graceMs } = settings;
    this.#graceMs = graceMs;
    this.#allowed = { roots, rowRoots, functions };
    // What does not heed its signal is ended by force after the grace, and is gone soon after that.
    this.stopMs = graceMs + 2 * killWaitMs;
  }

  /** Hands a run to an idle thread or process, or a new one. */
  protected abstract readonly startRunner: StartRunner;

  protected override runOf(job: QueuedJob): Run {
    return new IsolatedRun({
      job,
      queue: this.queue,
      allowed: this.#allowed,
      graceMs: this.#graceMs,
      start: this.startRunner,
    });
  }
}
