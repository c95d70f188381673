import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { DatabaseOptions } from './database/database.js';
import type { ExecutorClass } from './executor.js';
import { faultText } from './field.js';
import { Plugin } from './plugin.js';
import { Queue } from './queue.js';

interface AppOptions {
  /** In front of the name of every table and of the channel; `chancy_` by default, at most 32 bytes. */
  readonly prefix?: string;
  /** Plugins, and queues that each worker declares when it starts. */
  readonly plugins?: readonly (Plugin | Queue)[];
  /** More queues that each worker declares when it starts. */
  readonly queues?: readonly Queue[];
  /** Executors by the name that a queue's row gives them; `Name` also answers to `spoolgate.Name`. */
  readonly executors?: Readonly<Record<string, ExecutorClass>>;
  /** Whether to NOTIFY and LISTEN; true by default. Without it everything still works, by polling. */
  readonly notifications?: boolean;
}

export type ChancyOptions = AppOptions & DatabaseOptions;

const executorClass = z.custom<ExecutorClass>((value) => typeof value === 'function', 'is not an executor class');
const queue = z.instanceof(Queue, { error: 'is not a Queue' });

const schema = z
  .strictObject({
    dsn: z.string().min(1, 'is empty').optional(),
    // Not by class: the caller's copy of pg may be another one.
    pool: z.looseObject({ connect: z.function(), query: z.function(), end: z.function() }).optional(),
    poolSize: z.int().min(1).optional(),
    connectionTimeoutMs: z.int().min(1).optional(),
    queryTimeoutMs: z.int().min(1).optional(),
    applicationName: z.string().optional(),
    prepare: z.boolean().optional(),
    prefix: z.string().optional(),
    plugins: z.array(z.union([z.instanceof(Plugin), queue], 'is neither a Plugin nor a Queue')).optional(),
    queues: z.array(queue).optional(),
    executors: z.record(z.string().min(1), executorClass).optional(),
    notifications: z.boolean().optional(),
  })
  .refine(({ dsn, pool }) => (dsn === undefined) !== (pool === undefined), 'one of dsn and pool is needed');

/** Throws `APP_INVALID`, naming the option, for what plain JavaScript may have passed. */
export const checkChancyOptions = (options: ChancyOptions): void => {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new SpoolgateError('APP_INVALID', { detail: faultText(parsed.error) });
};
