import { onTestFinished } from 'vitest';
import type { Plugin, PluginWorker } from '../../../../src/queue/plugin.js';
import { fakeWorker } from '../../../contracts/plugin-conformance.js';
import type { Bench } from '../../worker/support/bench.js';

export interface RunningPlugin {
  readonly worker: PluginWorker;
  /** Tells it to end and waits until it has. */
  readonly stop: () => Promise<void>;
}

/** A plugin beside a worker that does nothing else, so that the test alone decides what happens. */
export const running = (b: Bench, plugin: Plugin, workerId = 'me'): RunningPlugin => {
  const worker = fakeWorker(b, workerId);
  const ended = new AbortController();
  const run = plugin.run(worker, b.chancy, ended.signal);
  const stop = async (): Promise<void> => {
    ended.abort();
    await run;
  };
  onTestFinished(stop);
  return { worker, stop };
};
