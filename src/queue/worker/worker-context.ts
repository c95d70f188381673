import type { Tables } from '../tables.js';
import type { PluginHooks } from './plugin-hooks.js';
import type { ResultWriter } from './result-writer.js';
import type { RunningJobs } from './running-jobs.js';
import type { WatchedDatabase } from './watched-database.js';
import type { WorkerEvents } from './worker-events.js';

/** What the parts of one worker share. */
export interface WorkerContext {
  readonly workerId: string;
  readonly tables: Tables;
  readonly database: WatchedDatabase;
  readonly events: WorkerEvents;
  readonly results: ResultWriter;
  readonly running: RunningJobs;
  readonly hooks: PluginHooks;
  /** The channel to notify on; null when the app does not notify. */
  readonly channel: string | null;
  /** Aborts when the worker must end at once, stored or not. */
  readonly forced: AbortSignal;
}
