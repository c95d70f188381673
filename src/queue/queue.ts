import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { ExecutorClass } from './executor.js';
import { faultText, int32, jsonObject, storedText, storedTime } from './field.js';
import { longestQueueName } from './job.js';
import type { JsonObject } from './plain-json.js';
import { executorFault, isForeignToPython } from './python-worker.js';
import { tagPatternFault } from './tag-pattern.js';

export const queueStates = ['active', 'paused'] as const;
export type QueueState = (typeof queueStates)[number];

/** Executor of a queue that names none: the one that runs functions. */
const defaultExecutor = 'spoolgate.ModuleExecutor';
/** The tag that workers of this runtime carry and Python's do not (wire contract, section 6.1). */
export const runtimeTag = 'runtime=node';

const tagPattern = storedText({ least: 1 }).check((context) => {
  const fault = tagPatternFault(context.value);
  if (fault !== undefined) context.issues.push({ code: 'custom', message: fault, input: context.value });
});

const schema = z.strictObject({
  name: storedText({ least: 1, most: longestQueueName }),
  concurrency: int32(1).nullable().default(null),
  tags: z.array(tagPattern).min(1, 'is empty: no worker would serve the queue').readonly().optional(),
  state: z.enum(queueStates).default('active'),
  executor: z
    .union([storedText({ least: 1 }), z.custom<ExecutorClass>((value) => typeof value === 'function')])
    .default(defaultExecutor),
  executorOptions: jsonObject('executorOptions').default(Object.freeze({})),
  pollingInterval: int32(1).default(5),
  rateLimit: int32(1).nullable().default(null),
  rateLimitWindow: int32(1).nullable().default(null),
  resumeAt: storedTime().nullable().default(null),
  eagerPolling: z.boolean().default(false),
});

export interface QueueOptions {
  /** At most 234 characters. */
  readonly name: string;
  /** Jobs at once on each worker; null, the default, leaves it to the executor. */
  readonly concurrency?: number | null;
  /**
   * Regular expressions, matched from the start of each tag of a worker: one hit and the worker serves the queue. The default is
   * `runtime=node` for an executor of ours and `.*` for one of Python's.
   */
  readonly tags?: readonly string[];
  readonly state?: QueueState;
  /** A class, or the name of one that the workers have registered; `spoolgate.ModuleExecutor` by default. */
  readonly executor?: string | ExecutorClass;
  /** Options of the executor, as a plain JSON object. */
  readonly executorOptions?: Readonly<Record<string, unknown>>;
  /** Seconds between two looks at the table when nobody notifies; 5 by default. */
  readonly pollingInterval?: number;
  /** At most this many jobs are claimed in each window, by all workers together. Needs `rateLimitWindow`. */
  readonly rateLimit?: number | null;
  /** Seconds. */
  readonly rateLimitWindow?: number | null;
  /** When a paused queue goes on by itself. */
  readonly resumeAt?: Date | null;
  /** For Python's workers: fetch again as soon as a job ends. Ours always do. */
  readonly eagerPolling?: boolean;
}

/**
 * A queue to be declared. Immutable. Throws `QUEUE_INVALID`, naming the field, for a row that Postgres would refuse or that would take
 * down a Python worker (wire contract, sections 1.3 and 6.1).
 */
export class Queue {
  readonly name: string;
  readonly concurrency: number | null;
  readonly tags: readonly string[];
  readonly state: QueueState;
  /** What the row says: `spoolgate.ClassName` for a class. */
  readonly executor: string;
  /** The class, if the queue was given one. */
  readonly executorClass: ExecutorClass | undefined;
  readonly executorOptions: JsonObject;
  readonly pollingInterval: number;
  readonly rateLimit: number | null;
  readonly rateLimitWindow: number | null;
  readonly resumeAt: Date | null;
  readonly eagerPolling: boolean;

  constructor(options: QueueOptions) {
    const parsed = schema.safeParse(options);
    if (!parsed.success) throw invalid(faultText(parsed.error));
    const { data } = parsed;
    this.name = data.name;
    this.concurrency = data.concurrency;
    this.state = data.state;
    this.executor = typeof data.executor === 'string' ? data.executor : executorName(data.executor);
    this.executorClass = typeof data.executor === 'string' ? undefined : data.executor;
    this.tags = Object.freeze([...(data.tags ?? [isForeignToPython(this.executor) ? runtimeTag : '.*'])]);
    this.executorOptions = data.executorOptions;
    this.pollingInterval = data.pollingInterval;
    this.rateLimit = data.rateLimit;
    this.rateLimitWindow = data.rateLimitWindow;
    this.resumeAt = data.resumeAt;
    this.eagerPolling = data.eagerPolling;
    if (this.rateLimit !== null && this.rateLimitWindow === null)
      throw invalid('rateLimitWindow: is needed with rateLimit');
    const fault = executorFault(this);
    if (fault !== undefined) throw invalid(fault);
    Object.freeze(this);
  }
}

/** A queue of plain JavaScript, or of another copy of this package, has not been checked here yet. */
export const checkedQueue = (queue: Queue): Queue => {
  if (queue instanceof Queue) return queue;
  const { executorClass, executor, ...options } = queue as Queue;
  return new Queue({ ...options, executor: executorClass ?? executor });
};

const invalid = (detail: string): SpoolgateError => new SpoolgateError('QUEUE_INVALID', { detail });

/** The name by which a class is known in the database. Throws `QUEUE_INVALID` for a class without a name. */
export const executorName = (executor: ExecutorClass): string => {
  if (executor.name === '') throw invalid('executor: the class has no name; register it by name instead');
  return `spoolgate.${executor.name}`;
};
