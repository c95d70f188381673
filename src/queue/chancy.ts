import { SpoolgateError } from '../errors/spoolgate-error.js';
import { Database, type DatabaseOptions } from './database/database.js';
import type { ExecutorClass } from './executor.js';
import { Plugin } from './plugin.js';
import { Queue, executorName } from './queue.js';
import { Tables } from './tables.js';

interface AppOptions {
  /** In front of the name of every table and of the channel; `chancy_` by default. */
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

/** The app: the database, its tables' names, plugins, queues and executors. Pushes jobs; a Worker runs them. */
export class Chancy {
  readonly database: Database;
  readonly tables: Tables;
  readonly plugins: readonly Plugin[];
  /** Queues to declare when a worker starts. */
  readonly queues: readonly Queue[];
  readonly notifications: boolean;
  readonly #executors = new Map<string, ExecutorClass>();

  constructor(options: ChancyOptions) {
    this.tables = new Tables(options.prefix);
    this.notifications = options.notifications ?? true;
    const given = options.plugins ?? [];
    this.plugins = given.filter((item) => item instanceof Plugin);
    this.queues = [...given.filter((item) => item instanceof Queue), ...(options.queues ?? [])];
    for (const [name, executor] of Object.entries(options.executors ?? {})) {
      this.#register(name, executor);
      this.#register(`spoolgate.${name}`, executor);
    }
    for (const { executorClass } of this.queues) {
      if (executorClass !== undefined) this.#register(executorName(executorClass), executorClass);
    }
    this.database = new Database(options);
  }

  #register(name: string, executor: ExecutorClass): void {
    const other = this.#executors.get(name);
    if (other !== undefined && other !== executor) {
      throw new SpoolgateError('APP_INVALID', { detail: `executors: two classes are called ${name}` });
    }
    this.#executors.set(name, executor);
  }

  /** The executor that this app runs for a row's `executor`, if any. */
  executor(name: string): ExecutorClass | undefined {
    return this.#executors.get(name);
  }
}
