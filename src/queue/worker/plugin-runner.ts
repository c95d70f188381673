import { backoffMs } from '../../lifecycle/backoff.js';
import { sleep } from '../../lifecycle/sleep.js';
import type { Chancy } from '../chancy.js';
import type { Plugin, PluginWorker } from '../plugin.js';
import type { WorkerEvents } from './worker-events.js';

const backoff = { initialMs: 1000, limitMs: 60_000 };

/** Runs each plugin beside the worker until `signal` aborts; one that throws is started again after a while. Resolves when all ended. */
export const runPlugins = async (
  chancy: Chancy,
  worker: PluginWorker,
  events: WorkerEvents,
  signal: AbortSignal,
): Promise<void> => {
  await Promise.all(chancy.plugins.map((plugin) => runPlugin(plugin, chancy, worker, events, signal)));
};

const runPlugin = async (
  plugin: Plugin,
  chancy: Chancy,
  worker: PluginWorker,
  events: WorkerEvents,
  signal: AbortSignal,
): Promise<void> => {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await plugin.run(worker, chancy, signal);
      return;
    } catch (error) {
      events.trouble(`the plugin ${plugin.identifier}`, error);
      await sleep(backoffMs(failures, backoff), signal);
    }
  }
};
