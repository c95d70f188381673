import type { EventBus } from '../events/event-bus.js';
import type { Chancy } from './chancy.js';
import type { DatabaseClient } from './database/database.js';
import type { Hub } from './hub.js';
import type { Job } from './job.js';
import type { QueuedJob } from './queued-job.js';
import type { Reference } from './reference.js';
import type { Tables } from './tables.js';

/** One step of a migration set: from version N-1 to N and back, inside the set's transaction. */
export interface MigrationStep {
  up(client: DatabaseClient, tables: Tables): Promise<void>;
  down(client: DatabaseClient, tables: Tables): Promise<void>;
}

/** Versions 1..N of one owner's tables; `key` is its `version_of` in the version table. */
export interface MigrationSet {
  readonly key: string;
  readonly steps: readonly MigrationStep[];
  /** Whether all works, if less well, without it: `isUpToDate` passes over it. */
  readonly optional?: boolean;
  /** Whether what the version row promises is there; where it is not, the set is migrated again from 0. */
  readonly intact?: (client: DatabaseClient, tables: Tables) => Promise<boolean>;
}

/** The worker as plugins see it. */
export interface PluginWorker {
  readonly workerId: string;
  readonly tags: readonly string[];
  readonly hub: Hub;
  /** Where to say what the operator should see in the logs. */
  readonly events: EventBus;
}

/** How a run ended: exactly one of `error` and `result` means anything. */
export interface JobCompletion {
  readonly error?: unknown;
  readonly result?: unknown;
}

/** What became of a push: the reference to the job, new or the one that has its unique key, or why nothing was stored. */
export type PushOutcome = { readonly reference: Reference } | { readonly error: unknown };

/**
 * Adds to what an app's workers do. Subclass it, give it an `identifier`, and override what you need; nothing else is required.
 * A hook that throws is reported and passed over: the job goes on as if the hook had returned its argument.
 */
export abstract class Plugin {
  /** Unique within an app, and what other plugins name in `dependencies`: `acme.audit`. */
  abstract readonly identifier: string;

  /** Identifiers of plugins that must be there and are started first. */
  dependencies(): readonly string[] {
    return [];
  }

  /** Tables of its own; the names of tables and indexes should begin with the key. */
  readonly migrations: MigrationSet | undefined = undefined;

  /** Runs beside the worker until `signal` aborts; if it throws, it is started again after a while. */
  run(_worker: PluginWorker, _chancy: Chancy, _signal: AbortSignal): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Before a job is stored by the app (`push`, `pushMany`, `pushManyEx`; also for steps of workflows and entries of cron); returns the job to
   * store. Called for each job, on every machine that pushes: it must not wait.
   */
  onJobPushing(job: Job): Job {
    return job;
  }

  /** After the statement of that push, with the job that was stored: in a transaction of the caller's it may still be undone. */
  onJobPushed(_job: Job, _outcome: PushOutcome): void {}

  /** Before a claimed job is given to its executor; returns the job to run. */
  onJobStarting(_worker: PluginWorker, job: QueuedJob): Promise<QueuedJob> {
    return Promise.resolve(job);
  }

  /** After a run and before its result is stored; may change state, attempts, times, errors, meta and maxAttempts. */
  onJobCompleted(_worker: PluginWorker, job: QueuedJob, _completion: JobCompletion): Promise<QueuedJob> {
    return Promise.resolve(job);
  }

  /** After a run's result was stored. */
  onJobUpdated(_worker: PluginWorker, _job: QueuedJob): Promise<void> {
    return Promise.resolve();
  }

  /** Deletes what the plugin keeps no longer; called by the pruner. Returns how many rows went. */
  cleanup(_chancy: Chancy): Promise<number> {
    return Promise.resolve(0);
  }

  /** Quoted names of its tables, for the metrics of table sizes. */
  tables(_tables: Tables): readonly string[] {
    return [];
  }
}
