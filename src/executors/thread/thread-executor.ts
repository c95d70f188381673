import type { ExecutorContext } from '../../queue/executor.js';
import { IsolatedExecutor } from '../isolated/isolated-executor.js';
import type { IsolatedSettings } from '../isolated/isolated-options.js';
import type { StartRunner } from '../isolated/runner.js';
import { ThreadPools } from './thread-pools.js';
import { ThreadRunner } from './thread-runner.js';
import { type ThreadExecutorOptions, threadRowRoots, threadSettings } from './thread-options.js';

/**
 * Runs jobs as ModuleExecutor does, each in a thread of its own: a function may compute for as long as it likes without holding up others
 * or the worker, and it really ends when its time is up, the job is cancelled or the worker stops: told first, by its signal, and after
 * `graceMs` by force. Threads start when they are needed, are used again, and end when they have been idle for `idleMs`.
 *
 * `process.exit`, uncaught errors and unhandled rejections end the thread and fail its job with RUNNER_DIED; the worker goes on. A memory
 * limit bounds the thread's heap, no buffers outside of it: a function that fills it fails with JOB_MEMORY_LIMIT. Threads share the process
 * with the worker: crashing native code, or one allocation far beyond the limit, ends both. ProcessExecutor stands that too.
 *
 * Used as such it allows nothing; see `with`. `executor_options.roots` of the queue's row may narrow the roots, never widen them.
 */
export class ThreadExecutor extends IsolatedExecutor {
  protected static readonly settings: IsolatedSettings = threadSettings({});

  readonly #pools: ThreadPools;

  /** A class for a queue's `executor` that runs what `options` allow. Throws CONFIG_INVALID. */
  static with(options: ThreadExecutorOptions): typeof ThreadExecutor {
    const settings = threadSettings(options);
    class Configured extends ThreadExecutor {
      protected static override readonly settings = settings;
    }
    Object.defineProperty(Configured, 'name', { value: settings.name });
    return Configured;
  }

  /** Throws QUEUE_INVALID where the row's options are not `{ roots? }`. */
  constructor(context: ExecutorContext) {
    const { settings } = new.target;
    super(context, settings, threadRowRoots(context.queue.name, context.options));
    this.#pools = new ThreadPools(settings);
  }

  protected override readonly startRunner: StartRunner = (order, memoryBytes, listener) =>
    new ThreadRunner(this.#pools, order, memoryBytes, listener);

  override async stop(): Promise<void> {
    await super.stop();
    await this.#pools.end();
  }
}
