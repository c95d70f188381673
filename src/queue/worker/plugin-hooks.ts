import type { JobCompletion, Plugin, PluginWorker } from '../plugin.js';
import type { QueuedJob } from '../queued-job.js';
import type { WorkerEvents } from './worker-events.js';

/** Calls the hooks of all plugins, in their order. One that throws is reported and passed over. */
export class PluginHooks {
  readonly #plugins: readonly Plugin[];
  readonly #worker: PluginWorker;
  readonly #events: WorkerEvents;

  constructor(plugins: readonly Plugin[], worker: PluginWorker, events: WorkerEvents) {
    this.#plugins = plugins;
    this.#worker = worker;
    this.#events = events;
  }

  starting(job: QueuedJob): Promise<QueuedJob> {
    return this.#each('onJobStarting', job, (plugin, current) => plugin.onJobStarting(this.#worker, current));
  }

  completed(job: QueuedJob, completion: JobCompletion): Promise<QueuedJob> {
    return this.#each('onJobCompleted', job, (plugin, current) =>
      plugin.onJobCompleted(this.#worker, current, completion),
    );
  }

  async updated(job: QueuedJob): Promise<void> {
    await this.#each('onJobUpdated', job, async (plugin, current) => {
      await plugin.onJobUpdated(this.#worker, current);
      return current;
    });
  }

  async #each(
    hook: string,
    job: QueuedJob,
    call: (plugin: Plugin, job: QueuedJob) => Promise<QueuedJob>,
  ): Promise<QueuedJob> {
    let current = job;
    for (const plugin of this.#plugins) {
      const doing = `${hook} of the plugin ${plugin.identifier}`;
      try {
        const next = (await call(plugin, current)) as QueuedJob | undefined;
        // The id is what the run is known by; a hook that gives back nothing changed nothing.
        if (next !== undefined) current = { ...next, id: job.id };
        this.#events.well(doing);
      } catch (error) {
        this.#events.trouble(doing, error);
      }
    }
    return current;
  }
}
