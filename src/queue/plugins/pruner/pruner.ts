import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import { isConnectionError } from '../../database/database.js';
import { formatNotification } from '../../notification.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import { notifyAll } from '../../sql/notify-all.js';
import { type TablesThereRow, findWorkflows, pruneJobs } from '../../sql/prune-jobs.js';
import { WorkerEvents } from '../../worker/worker-events.js';
import { dutyLoop } from '../duty-loop.js';
import { leaderElection, leadershipIdentifier } from '../leadership/leader-election.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { JobRules, endedAt } from '../rules/job-rules.js';
import { Rule } from '../rules/rule.js';
import { prunerMigrations } from './pruner-index.js';

export interface PrunerOptions {
  /** How long finished jobs are kept, ms; 86,400,000 (a day) by default, as in Chancy. */
  readonly maxAgeMs?: number;
  /** From when on that counts: a job's end, the default, or its push, as in Chancy. */
  readonly age?: 'completed' | 'created';
  /** Which finished jobs go, instead of the two above. Jobs that are pending, running or retrying never do. */
  readonly rule?: Rule;
  /** Most jobs that are deleted in one transaction; 10,000 by default. A pass goes on until nothing is left. */
  readonly batchSize?: number;
  /** Ms between two passes; 60,000 by default, as in Chancy. */
  readonly pollIntervalMs?: number;
}

const schema = z
  .strictObject({
    maxAgeMs: z.number().nonnegative().optional(),
    age: z.enum(['completed', 'created']).optional(),
    rule: z.instanceof(Rule, { error: 'is not a Rule' }).optional(),
    batchSize: z.int().min(1).max(1_000_000).default(10_000),
    pollIntervalMs: ms(60_000),
  })
  .refine(
    ({ rule, age, maxAgeMs }) => rule === undefined || (age ?? maxAgeMs) === undefined,
    'rule: stands instead of age and maxAgeMs',
  );

/** Deletes old finished jobs, and has every plugin delete what it keeps no longer. Done by the leader alone. */
export class Pruner extends Plugin {
  override readonly identifier = 'chancy.pruner';
  override readonly migrations = prunerMigrations;
  readonly #rule: Rule;
  readonly #order: string | undefined;
  readonly #batchSize: number;
  readonly #intervalMs: number;

  constructor(options: PrunerOptions = {}) {
    super();
    const { rule, age = 'completed', maxAgeMs = 86_400_000, ...rest } = pluginOptions(this.identifier, schema, options);
    const byDefault = age === 'created' ? JobRules.age : JobRules.endedAge;
    this.#rule = rule ?? byDefault.gt(maxAgeMs / 1000);
    this.#order = rule === undefined && age === 'completed' ? endedAt : undefined;
    this.#batchSize = rest.batchSize;
    this.#intervalMs = rest.pollIntervalMs;
  }

  override dependencies(): readonly string[] {
    return [leadershipIdentifier];
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const events = new WorkerEvents(worker.workerId, worker.events, worker.hub);
    const loop = { worker, signal, doing: 'pruning', intervalMs: this.#intervalMs, wakeOn: ['leadership.gained'] };
    await dutyLoop(loop, async () => {
      await this.#pruneAll(worker, chancy, signal);
      await cleanUpAll(worker, chancy, events);
    });
  }

  async #pruneAll(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    let rows = 0;
    while (!signal.aborted) {
      const removed = await this.#pruneSome(worker, chancy, began);
      rows += removed ?? 0;
      if (removed === undefined || removed < this.#batchSize) break;
    }
    if (rows === 0) return;
    worker.events.emit('pruner.removed', { workerId: worker.workerId, rows, tookMs: performance.now() - began });
  }

  /** How many jobs of one batch have gone; undefined when this worker does not lead. */
  async #pruneSome(worker: PluginWorker, chancy: Chancy, began: number): Promise<number | undefined> {
    const { tables, notifications } = chancy;
    return leaderElection(chancy).asLeader(worker, chancy, async (client) => {
      const names = [tables.table('workflows'), tables.table('workflow_steps')];
      const found = await client.query<TablesThereRow>(findWorkflows().text, names);
      const { text, values } = pruneJobs(tables, {
        rule: this.#rule,
        batchSize: this.#batchSize,
        hasWorkflows: found.rows[0]?.there ?? false,
        ...(this.#order !== undefined && { order: this.#order }),
      });
      const rows = (await client.query(text, [...values])).rowCount ?? 0;
      if (rows > 0 && notifications) {
        const elapsed = (performance.now() - began) / 1000;
        const payload = formatNotification('pruner.removed', { elapsed, rows_removed: rows });
        await client.query(notifyAll().text, [tables.channel, [payload]]);
      }
      return rows;
    });
  }
}

/** Has each plugin clean up while this worker leads. One that fails does not keep the others from it. */
const cleanUpAll = async (worker: PluginWorker, chancy: Chancy, events: WorkerEvents): Promise<void> => {
  for (const plugin of chancy.plugins) {
    if (!leaderElection(chancy).isLeader(worker)) return;
    const doing = `the cleanup of the plugin ${plugin.identifier}`;
    try {
      await plugin.cleanup(chancy);
      events.well(doing);
    } catch (error) {
      if (isConnectionError(error)) throw error;
      events.trouble(doing, error);
    }
  }
};
