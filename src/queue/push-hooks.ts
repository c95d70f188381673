import { errorText } from '../errors/spoolgate-error.js';
import { Job } from './job.js';
import { Plugin, type PushOutcome } from './plugin.js';
import type { Reference } from './reference.js';

/**
 * Calls the hooks of plugins around a push, in their order. A push must not fail for a plugin's sake: one that throws, or gives back what is
 * no job, changes nothing, and a process warning says so once.
 */
export class PushHooks {
  readonly #pushing: readonly Plugin[];
  readonly #pushed: readonly Plugin[];
  readonly #warned = new Set<string>();

  constructor(plugins: readonly Plugin[]) {
    const overriding = (hook: 'onJobPushing' | 'onJobPushed') =>
      plugins.filter((plugin) => plugin[hook] !== Plugin.prototype[hook]);
    this.#pushing = overriding('onJobPushing');
    this.#pushed = overriding('onJobPushed');
  }

  /** Whether nobody hooks: then jobs need not be looked at one by one. */
  get areNone(): boolean {
    return this.#pushing.length === 0 && this.#pushed.length === 0;
  }

  /** The job to store. A plain object is checked first. */
  pushing(given: Job): Job {
    let job = given instanceof Job ? given : new Job(given);
    for (const plugin of this.#pushing) {
      this.#try(plugin, 'onJobPushing', () => {
        const next: unknown = plugin.onJobPushing(job);
        if (!(next instanceof Job)) throw new TypeError('it gave back what is not a Job');
        job = next;
      });
    }
    return job;
  }

  /** The same for many, as they come; each is added to `seen`. */
  async *pushingAll(jobs: Iterable<Job> | AsyncIterable<Job>, seen: Job[]): AsyncGenerator<Job> {
    for await (const given of jobs) {
      const job = this.pushing(given);
      seen.push(job);
      yield job;
    }
  }

  pushed(jobs: readonly Job[], references: readonly Reference[]): void {
    for (const [index, job] of jobs.entries()) {
      const reference = references[index];
      if (reference !== undefined) this.#told(job, { reference });
    }
  }

  failed(jobs: readonly Job[], error: unknown): void {
    for (const job of jobs) this.#told(job, { error });
  }

  #told(job: Job, outcome: PushOutcome): void {
    for (const plugin of this.#pushed) this.#try(plugin, 'onJobPushed', () => plugin.onJobPushed(job, outcome));
  }

  #try({ identifier }: Plugin, hook: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      const what = `${hook} of the plugin ${identifier}`;
      if (this.#warned.has(what)) return;
      this.#warned.add(what);
      process.emitWarning(`${what} failed and was passed over: ${errorText(error)}`, { type: 'SpoolgateWarning' });
    }
  }
}
