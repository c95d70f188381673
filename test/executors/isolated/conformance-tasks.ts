import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobContext } from '../../../src/executors/functions/job-function.js';
import { hostileThrows } from '../../contracts/executor-hostile-throws.js';

export const succeeds = (): Promise<void> => nextTurn();

export const fails = async (): Promise<never> => {
  await nextTurn();
  throw new Error('on purpose');
};

/** Says that it has begun, and goes on until its signal aborts. */
export const endless = (_kwargs: unknown, { signal, progress }: JobContext): Promise<void> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    progress(0);
    setInterval(() => undefined, 1000).unref();
  });

export const hostile = ({ label }: { label: string }): never => hostileThrows[label]!();
