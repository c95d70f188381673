import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModuleExecutor } from '../../../src/executors/module/module-executor.js';
import type { JobContext } from '../../../src/executors/functions/job-function.js';
import { describeExecutor } from '../../contracts/executor-conformance.js';
import { hostileThrows } from '../../contracts/executor-hostile-throws.js';

describeExecutor('ModuleExecutor', () => {
  let begun = (): void => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const endless = (_kwargs: unknown, { signal }: JobContext): Promise<void> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      begun();
    });
  const fails = async (): Promise<never> => {
    await nextTurn();
    throw new Error('on purpose');
  };
  const hostile = Object.entries(hostileThrows);
  const executor = ModuleExecutor.with({
    functions: { succeeds: nextTurn, fails, endless, ...hostileThrows },
  });
  return {
    create: (context) => new executor(context),
    succeeding: { func: 'succeeds', kwargs: {} },
    failing: { func: 'fails', kwargs: {} },
    hostile: Object.fromEntries(hostile.map(([label]) => [label, { func: label, kwargs: {} }])),
    endless: { job: { func: 'endless', kwargs: {} }, begun: () => hasBegun },
    cancels: true,
  };
});
