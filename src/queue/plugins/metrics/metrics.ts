import { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import type { Chancy } from '../../chancy.js';
import { faultText } from '../../field.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import type { QueuedJob } from '../../queued-job.js';
import { deleteOldMetrics } from '../../sql/metrics.js';
import { type TableSizeRow, selectTableSizes } from '../../sql/table-sizes.js';
import type { Tables } from '../../tables.js';
import { dutyLoop } from '../duty-loop.js';
import { isLeader } from '../is-leader.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { MetricStore } from './metric-store.js';
import { metricsMigrations } from './migrations.js';
import { type GetMetricsOptions, type MetricSeries, readMetricKeys, readMetrics } from './read-metrics.js';
import { Recorder, fitsColumn } from './recorder.js';
import { resolutions } from './resolution.js';

export interface MetricsOptions {
  /** Ms between two writes of what was recorded; 60,000 by default, as in Chancy. It is also written when the worker stops. */
  readonly flushIntervalMs?: number;
  /** Ms between two looks of the leader at the sizes of the tables; 30,000 by default, as in Chancy. */
  readonly tableSizesIntervalMs?: number;
  /** How long `cleanup` keeps rows that nobody adds to, ms; 7,776,000,000 (90 days) by default, as in Chancy. */
  readonly keepMs?: number;
}

const schema = z.strictObject({
  flushIntervalMs: ms(60_000),
  tableSizesIntervalMs: ms(30_000),
  keepMs: z
    .int()
    .positive()
    .default(90 * 86_400_000),
});

const querySchema = z.strictObject({
  prefix: z.string(),
  resolution: z.enum(resolutions).optional(),
  workerId: z.string().optional(),
});

/**
 * Counts what becomes of jobs and how long they run, on Chancy's table and in its layout (wire contract, section 12), so that Python's
 * workers and dashboard see it. Each worker writes rows of its own, and only those that changed; they are added up when somebody asks.
 */
export class Metrics extends Plugin {
  override readonly identifier = 'chancy.metrics';
  override readonly migrations = metricsMigrations;
  readonly #options: z.output<typeof schema>;
  readonly #recorders = new Map<string, Recorder>();
  /** What the user records; the next worker that writes takes it along. */
  readonly #own = new Recorder();

  /** Throws `APP_INVALID`, naming the option. */
  constructor(options: MetricsOptions = {}) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
  }

  /** The metrics whose names begin with `prefix`, by name, of all workers together. Rejects with `APP_INVALID` for an unknown resolution. */
  static async getMetrics(
    chancy: Chancy,
    prefix = '',
    options: GetMetricsOptions = {},
  ): Promise<ReadonlyMap<string, MetricSeries>> {
    const parsed = querySchema.safeParse({ ...options, prefix });
    if (!parsed.success) throw new SpoolgateError('APP_INVALID', { detail: `getMetrics: ${faultText(parsed.error)}` });
    return readMetrics(chancy, prefix, options);
  }

  /** The names of all metrics, in order. */
  static getMetricKeys(chancy: Chancy): Promise<readonly string[]> {
    return readMetricKeys(chancy);
  }

  /** Adds to a counter of the user's own. A name or value that the table cannot hold is told by `metrics.skipped`. */
  increment(key: string, by = 1): void {
    this.#own.record('counter', key, by);
  }

  /** Sets a gauge of the user's own. */
  gauge(key: string, value: number): void {
    this.#own.record('gauge', key, value);
  }

  /** Adds a value to a histogram of the user's own. */
  histogram(key: string, value: number): void {
    this.#own.record('histogram', key, value);
  }

  override tables(tables: Tables): readonly string[] {
    return [tables.table('metrics')];
  }

  override onJobUpdated(worker: PluginWorker, job: QueuedJob): Promise<void> {
    const recorder = this.#recorderOf(worker);
    const { func, queue, state, startedAt, completedAt } = job;
    if (startedAt !== null && completedAt !== null) {
      // The start is the database's time and the end this machine's.
      const seconds = Math.max(0, completedAt.getTime() - startedAt.getTime()) / 1000;
      recorder.record('histogram', `job:${func}:execution_time`, seconds);
      recorder.record('histogram', `queue:${queue}:execution_time`, seconds);
    }
    const counters = [`job:${func}:${state}`, `global:status:${state}`];
    for (const key of [...counters, `queue:${queue}:throughput`, `queue:${queue}:${state}`]) {
      recorder.record('counter', key, 1);
    }
    return Promise.resolve();
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const { workerId, events } = worker;
    const skipped = (metric: string, reason: string): void =>
      events.emit('metrics.skipped', { workerId, metric, reason });
    if (!fitsColumn(workerId)) {
      skipped('*', "the worker's id is longer than 255 characters");
      return;
    }
    const store = new MetricStore(chancy, workerId, skipped);
    const recorder = this.#recorderOf(worker);
    const flush = (): Promise<void> => store.store([recorder, this.#own]);
    const { flushIntervalMs, tableSizesIntervalMs } = this.#options;
    await Promise.all([
      dutyLoop({ worker, signal, doing: 'storing metrics', intervalMs: flushIntervalMs }, flush),
      dutyLoop({ worker, signal, doing: 'measuring tables', intervalMs: tableSizesIntervalMs }, async () => {
        if (isLeader(chancy.plugins, worker)) await measureTables(chancy, recorder);
      }),
    ]);
    // The last results are stored before plugins are told to end. Without a database they are lost, as there is nobody to keep them.
    await flush().catch(() => undefined);
    this.#recorders.delete(workerId);
  }

  /** Deletes the rows of workers that are long gone. */
  override async cleanup({ database, tables }: Chancy): Promise<number> {
    const rows = await database.query(deleteOldMetrics(tables), [this.#options.keepMs / 1000]);
    return rows.length;
  }

  #recorderOf({ workerId }: PluginWorker): Recorder {
    const recorder = this.#recorders.get(workerId) ?? new Recorder();
    this.#recorders.set(workerId, recorder);
    return recorder;
  }
}

const measureTables = async ({ database, tables, plugins }: Chancy, recorder: Recorder): Promise<void> => {
  const { jobs, queues, workers, leader, queueRateLimits, prefix } = tables;
  const names = new Set([
    jobs,
    queues,
    workers,
    leader,
    queueRateLimits,
    ...plugins.flatMap((one) => one.tables(tables)),
  ]);
  const rows = await database.query<TableSizeRow>(selectTableSizes(), [[...names]]);
  for (const { name, total, heap, indexes } of rows) {
    const table = `table:${name.startsWith(prefix) ? name.slice(prefix.length) : name}`;
    recorder.record('histogram', `${table}:total_size_bytes`, total);
    recorder.record('histogram', `${table}:table_size_bytes`, heap);
    recorder.record('histogram', `${table}:index_size_bytes`, indexes);
  }
};
