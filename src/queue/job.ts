import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { faultText, int32, jsonObject, storedText, storedTime } from './field.js';
import type { Limit } from './limit.js';
import type { JsonObject } from './plain-json.js';

/** Python's metrics keep `job:FUNC:execution_time` in 255 characters and go down when it does not fit (wire contract, section 12). */
const longestFunc = 236;
/** The same for `queue:NAME:execution_time`. */
export const longestQueueName = 234;

/** An entry of a Postgres index ends at 2704 bytes, with its header; one longer key would fail a whole batch. */
const longestUniqueKey = 2600;

const schema = z.strictObject({
  func: storedText({ least: 1, most: longestFunc }),
  kwargs: jsonObject('kwargs').default(Object.freeze({})),
  queue: storedText({ least: 1, most: longestQueueName }).default('default'),
  priority: int32().default(0),
  maxAttempts: int32(1).default(1),
  scheduledAt: storedTime().optional(),
  limits: z
    .array(z.strictObject({ t: z.enum(['memory', 'time']), v: z.int().positive() }).readonly())
    .readonly()
    .default([]),
  meta: jsonObject('meta').default(Object.freeze({})),
  uniqueKey: storedText({ least: 1, mostBytes: longestUniqueKey }).nullable().default(null),
});

export interface JobOptions {
  /** What to run, in the words of the queue's executor: `tasks.mail.send`, `gcode.print`. At most 236 characters. */
  readonly func: string;
  /** Arguments, as a plain JSON object. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** `default` unless given. The queue need not exist yet. */
  readonly queue?: string;
  /** Higher runs first; 0 by default. */
  readonly priority?: number;
  /** How often the job may run before it fails for good; 1 by default. */
  readonly maxAttempts?: number;
  /** Not before this time; undefined is "now", by the database's clock when it is pushed. */
  readonly scheduledAt?: Date | undefined;
  readonly limits?: readonly Limit[];
  /** Free-form JSON object that the job may change while it runs. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** Only one unfinished job of all queues has this key; pushing another gives the id of that one. At most 2600 bytes. */
  readonly uniqueKey?: string | null;
}

/**
 * A job to be pushed. Immutable: each `with…` returns another one. Throws `JOB_INVALID`, naming the field, for everything that Postgres
 * or a Python worker could not take (wire contract, section 3).
 */
export class Job {
  readonly func: string;
  readonly kwargs: JsonObject;
  readonly queue: string;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly scheduledAt: Date | undefined;
  readonly limits: readonly Limit[];
  readonly meta: JsonObject;
  readonly uniqueKey: string | null;

  constructor(options: JobOptions) {
    const parsed = schema.safeParse(options);
    if (!parsed.success) throw new SpoolgateError('JOB_INVALID', { detail: faultText(parsed.error) });
    const { data } = parsed;
    this.func = data.func;
    this.kwargs = data.kwargs;
    this.queue = data.queue;
    this.priority = data.priority;
    this.maxAttempts = data.maxAttempts;
    this.scheduledAt = data.scheduledAt;
    this.limits = data.limits;
    this.meta = data.meta;
    this.uniqueKey = data.uniqueKey;
    Object.freeze(this);
  }

  #with(changes: Partial<JobOptions>): Job {
    const { func, kwargs, queue, priority, maxAttempts, scheduledAt, limits, meta, uniqueKey } = this;
    return new Job({ func, kwargs, queue, priority, maxAttempts, scheduledAt, limits, meta, uniqueKey, ...changes });
  }

  withFunc(func: string): Job {
    return this.#with({ func });
  }

  withKwargs(kwargs: Readonly<Record<string, unknown>>): Job {
    return this.#with({ kwargs });
  }

  withQueue(queue: string): Job {
    return this.#with({ queue });
  }

  withPriority(priority: number): Job {
    return this.#with({ priority });
  }

  withMaxAttempts(maxAttempts: number): Job {
    return this.#with({ maxAttempts });
  }

  withScheduledAt(scheduledAt: Date | undefined): Job {
    return this.#with({ scheduledAt });
  }

  withLimits(limits: readonly Limit[]): Job {
    return this.#with({ limits });
  }

  withMeta(meta: Readonly<Record<string, unknown>>): Job {
    return this.#with({ meta });
  }

  withUniqueKey(uniqueKey: string | null): Job {
    return this.#with({ uniqueKey });
  }
}
