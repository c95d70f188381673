import type { ExecutorContext, JobOutput } from '../../queue/executor.js';
import { IsolatedExecutor } from '../isolated/isolated-executor.js';
import type { StartRunner } from '../isolated/runner.js';
import { ChildPool } from './child-pool.js';
import { ChildRunner } from './child-runner.js';
import { inheritedOptions } from './inherited-options.js';
import {
  type ProcessExecutorOptions,
  processRowOptions,
  type ProcessSettings,
  processSettings,
} from './process-options.js';

/**
 * Runs jobs as ModuleExecutor does, each in a child process: nothing that a function does can end or block the worker. A process starts when
 * it is needed, runs one job at a time, `maximumJobsPerWorker` in all, and ends when it has been idle for `idleMs`.
 *
 * When its time is up, the job is cancelled or the worker stops, a function is told by its signal, its process group by SIGTERM, and after
 * `graceMs` SIGKILL ends the group. A process that dies, whatever of, fails its job with RUNNER_DIED and the next job gets another one. A
 * memory limit bounds V8's heap and, on Linux, all that the process has in use, Node's own 70 MiB or so included: JOB_MEMORY_LIMIT. No process
 * outlives a stop, or the death of its parent, nor does what it has started, unless that leaves the group.
 *
 * Used as such it allows nothing; see `with`. `executor_options` of the queue's row may narrow `roots` and set `maximumJobsPerWorker`.
 */
export class ProcessExecutor extends IsolatedExecutor {
  protected static readonly settings: ProcessSettings = processSettings({});

  readonly #pool: ChildPool;
  readonly #output: ((output: JobOutput) => void) | undefined;

  /** A class for a queue's `executor` that runs what `options` allow. Throws CONFIG_INVALID. */
  static with(options: ProcessExecutorOptions): typeof ProcessExecutor {
    const settings = processSettings(options);
    class Configured extends ProcessExecutor {
      protected static override readonly settings = settings;
    }
    Object.defineProperty(Configured, 'name', { value: settings.name });
    return Configured;
  }

  /** Throws QUEUE_INVALID where the row's options are not `{ roots?, maximumJobsPerWorker? }`. */
  constructor(context: ExecutorContext) {
    const { settings } = new.target;
    const row = processRowOptions(context.queue.name, context.options);
    super(context, settings, row.roots);
    this.#output = context.output;
    this.#pool = new ChildPool({
      execArgv: settings.execArgv ?? inheritedOptions(process.execArgv),
      env: settings.env ?? process.env,
      idleMs: settings.idleMs,
      maximumJobsPerWorker: row.maximumJobsPerWorker ?? settings.maximumJobsPerWorker,
    });
  }

  protected override readonly startRunner: StartRunner = (order, memoryBytes, listener) => {
    const child = this.#pool.take(memoryBytes);
    const { id: jobId, attempts: attempt } = order.job;
    return new ChildRunner({
      child,
      order,
      memoryBytes,
      listener,
      output: (stream, line) => this.#output?.({ jobId, attempt, stream, line }),
      released: (again) => this.#pool.release(child, again && memoryBytes === undefined),
    });
  };

  override async stop(): Promise<void> {
    await super.stop();
    await this.#pool.end();
  }
}
