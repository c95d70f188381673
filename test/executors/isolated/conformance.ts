import type { Executor, ExecutorContext } from '../../../src/queue/executor.js';
import { describeExecutor } from '../../contracts/executor-conformance.js';
import { hostileThrows } from '../../contracts/executor-hostile-throws.js';
import { RecordingQueue } from '../../contracts/executor-recording-queue.js';

const task = (name: string): URL => new URL(`conformance-tasks.ts#${name}`, import.meta.url);

/** The functions of the suite, for the executor's options. */
export const conformanceFunctions = Object.fromEntries(
  ['succeeds', 'fails', 'endless', 'hostile'].map((name) => [name, task(name)]),
);

/** The conformance suite over an executor that runs functions elsewhere. */
export const describeIsolatedExecutor = (name: string, create: (context: ExecutorContext) => Executor): void => {
  describeExecutor(name, () => ({
    create,
    succeeding: { func: 'succeeds', kwargs: {} },
    failing: { func: 'fails', kwargs: {} },
    hostile: Object.fromEntries(
      Object.keys(hostileThrows).map((label) => [label, { func: 'hostile', kwargs: { label } }]),
    ),
    endless: {
      job: { func: 'endless', kwargs: {} },
      begun: async ({ queue }) => {
        if (queue instanceof RecordingQueue) await queue.until(() => queue.calls.some(({ kind }) => kind === 'meta'));
      },
    },
    cancels: true,
  }));
};
