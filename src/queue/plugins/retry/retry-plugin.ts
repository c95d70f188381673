import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import type { JobError, QueuedJob } from '../../queued-job.js';
import { dutyLoop } from '../duty-loop.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { type RetrySettings, defaultRetrySettings, retryDelay, storedRetrySettings } from './retry-settings.js';
import { ServerClock } from './server-clock.js';

/** What is done about some errors. Waits in seconds; those that are not given are the job's own or the defaults. */
export interface RetryPolicy extends Partial<RetrySettings> {
  /** The error's code is this one, or one of these. */
  readonly code?: string | readonly string[];
  /** The error's message, or its traceback where there is none, as with Python's, holds this text or matches this pattern. */
  readonly message?: string | RegExp;
  /** Whether such a run is tried again at all; true by default. */
  readonly retry?: boolean;
}

export interface RetryPluginOptions {
  /** The first one that fits counts; its waits win over the job's own. One without code and message fits every error. */
  readonly policies?: readonly RetryPolicy[];
  /** For jobs without `meta.retry_settings`; Chancy's defaults by default. */
  readonly defaults?: Partial<RetrySettings>;
  /** Between 0 and 1, for the jitter; Math.random by default. */
  readonly random?: () => number;
  /** This process's clock, ms since the epoch; Date.now by default. */
  readonly now?: () => number;
  /** How often it is compared with the database's, ms; 60,000 by default. */
  readonly clockIntervalMs?: number;
}

const seconds = z.number().nonnegative();
const settings = {
  backoff: seconds.optional(),
  backoffFactor: seconds.optional(),
  backoffLimit: seconds.optional(),
  backoffJitter: z
    .tuple([seconds, seconds])
    .readonly()
    .refine(([least, most]) => least <= most, 'the first is greater than the second')
    .optional(),
};

const schema = z.strictObject({
  policies: z
    .array(
      z.strictObject({
        ...settings,
        code: z.union([z.string(), z.array(z.string()).readonly()]).optional(),
        message: z.union([z.string(), z.instanceof(RegExp)]).optional(),
        retry: z.boolean().optional(),
      }),
    )
    .readonly()
    .default([]),
  defaults: z.strictObject(settings).default({}),
  random: z
    .custom<() => number>((value) => typeof value === 'function', 'is not a function')
    .default(() => Math.random),
  now: z.custom<() => number>((value) => typeof value === 'function', 'is not a function').default(() => Date.now),
  clockIntervalMs: ms(60_000),
});

/**
 * Lets failed runs wait for the next one, longer each time, as the job's `meta.retry_settings` or the app's policies say (wire contract,
 * section 10). Whether there is a next one is the executor's word, unless a policy says `retry: false`. A time that the executor has set
 * itself stays, unless job or policy say otherwise.
 */
export class RetryPlugin extends Plugin {
  override readonly identifier = 'chancy.retry_plugin';
  readonly #options: z.output<typeof schema>;
  readonly #clock: ServerClock;

  constructor(options: RetryPluginOptions = {}) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
    this.#clock = new ServerClock(this.#options.now);
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const loop = { worker, signal, doing: 'comparing clocks', intervalMs: this.#options.clockIntervalMs };
    await dutyLoop(loop, () => this.#clock.set(chancy));
  }

  override async onJobCompleted(_worker: PluginWorker, job: QueuedJob): Promise<QueuedJob> {
    if (job.state !== 'retrying') return job;
    const policy = this.#policy(job.errors.at(-1));
    if (policy?.retry === false) return { ...job, state: 'failed', completedAt: new Date(this.#clock.now()) };
    const wanted = { ...storedRetrySettings(job.meta), ...waitsOf(policy) };
    const nowMs = this.#clock.now();
    if (Object.keys(wanted).length === 0 && job.scheduledAt.getTime() > nowMs) return job;
    const waits = { ...defaultRetrySettings, ...waitsOf(this.#options.defaults), ...wanted };
    const delayMs = retryDelay(waits, job.attempts, this.#options.random) * 1000;
    return { ...job, completedAt: null, scheduledAt: new Date(Math.min(nowMs + delayMs, latestMs)) };
  }

  #policy(error: JobError | undefined): RetryPolicy | undefined {
    // Undefined fields are as good as absent ones here.
    const policies = this.#options.policies as readonly RetryPolicy[];
    return policies.find((policy) => fits(policy, error));
  }
}

/** The last time that Python's datetime holds is a little later. */
const latestMs = Date.parse('9999-12-30T00:00:00Z');

const fits = ({ code, message }: RetryPolicy, error: JobError | undefined): boolean => {
  if (code !== undefined && !(error?.code !== undefined && [code].flat().includes(error.code))) return false;
  if (message === undefined) return true;
  const words = error?.message ?? error?.traceback ?? '';
  return typeof message === 'string' ? words.includes(message) : words.search(message) >= 0;
};

/** The waits that are given. */
const waitsOf = (
  given: { [Key in keyof RetrySettings]?: RetrySettings[Key] | undefined } = {},
): Partial<RetrySettings> => {
  const { backoff, backoffFactor, backoffLimit, backoffJitter } = given;
  return {
    ...(backoff !== undefined && { backoff }),
    ...(backoffFactor !== undefined && { backoffFactor }),
    ...(backoffLimit !== undefined && { backoffLimit }),
    ...(backoffJitter !== undefined && { backoffJitter }),
  };
};
