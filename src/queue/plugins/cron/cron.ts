import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import type { Job } from '../../job.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import type { Tables } from '../../tables.js';
import { dutyLoop } from '../duty-loop.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { cronMigrations } from './cron-migrations.js';
import { type CronEntry, cronEntries, scheduleJobs, unscheduleJobs } from './cron-table.js';
import { pushDueJobs } from './due-entries.js';

export type { CronEntry } from './cron-table.js';

export interface CronOptions {
  /** Ms between two looks at the table, when nothing is due and nobody notifies; 60,000 by default, as in Chancy. */
  readonly pollIntervalMs?: number;
}

const schema = z.strictObject({ pollIntervalMs: ms(60_000) });

/**
 * Pushes jobs at the times of cron expressions, in UTC by the database's clock. Entries stand in Chancy's table (wire contract, section
 * 9), so they outlive every process, and those of Python run here and ours there. Every worker with the plugin runs what is due; a leader
 * is not needed. Times that were missed are made up for by one run.
 */
export class Cron extends Plugin {
  override readonly identifier = 'chancy.cron';
  override readonly migrations = cronMigrations;
  readonly #options: z.output<typeof schema>;

  constructor(options: CronOptions = {}) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
  }

  /**
   * Has each of the jobs pushed again and again; an entry with the job's `uniqueKey`, which is a must, is replaced. A run is skipped while
   * the job of the last one is unfinished, as they have the same key.
   *
   * `cron` has minute, hour, day, month and weekday, and, as Chancy has it, seconds as a sixth field AT THE END; or it is `@hourly`,
   * `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` or `@annually`. Rejects with `CRON_INVALID` for one that Python's croniter
   * might not read in the same way, or that never comes.
   */
  static schedule(chancy: Chancy, cron: string, ...jobs: readonly Job[]): Promise<void> {
    return scheduleJobs(chancy, cron, jobs);
  }

  /** Deletes the entries of these keys; jobs that were pushed stay. Resolves to how many there were. */
  static unschedule(chancy: Chancy, ...uniqueKeys: readonly string[]): Promise<number> {
    return unscheduleJobs(chancy, uniqueKeys);
  }

  /** The entries of these keys, or of all without one, by key. */
  static list(chancy: Chancy, ...uniqueKeys: readonly string[]): Promise<CronEntry[]> {
    return cronEntries(chancy, uniqueKeys.length === 0 ? undefined : uniqueKeys);
  }

  override tables(tables: Tables): readonly string[] {
    return [tables.table('cron')];
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const { pollIntervalMs: intervalMs } = this.#options;
    const { workerId, events } = worker;
    const said = new Map<string, string>();
    await dutyLoop({ worker, signal, doing: 'cron', intervalMs, wakeOn: ['cron.scheduled'] }, async () => {
      const { pushed, malformed, waitMs } = await pushDueJobs(chancy);
      if (pushed.length > 0) events.emit('cron.pushed', { workerId, keys: pushed });
      for (const { key, reason } of malformed) {
        if (said.get(key) === reason) continue;
        said.set(key, reason);
        events.emit('worker.malformed', { workerId, what: 'cron', id: key, reason });
      }
      return waitMs;
    });
  }
}
