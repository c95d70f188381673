import type { Chancy } from '../../chancy.js';
import { type MetricRow, selectMetricKeys, selectMetrics } from '../../sql/metrics.js';
import { combineBuckets, newestFirst, parseMetricRow } from './metric-row.js';
import type { Buckets, MetricType, MetricValue } from './metric-value.js';
import type { Resolution } from './resolution.js';

export interface MetricPoint {
  /** The beginning of the bucket. */
  readonly timestamp: Date;
  readonly value: MetricValue;
}

/** One metric over all workers. */
export interface MetricSeries {
  readonly type: MetricType;
  /** The newest first; buckets in which nothing happened are not there. */
  readonly points: readonly MetricPoint[];
}

export interface GetMetricsOptions {
  /** Length of a bucket; `5min` by default. */
  readonly resolution?: Resolution;
  /** Only what this worker recorded. */
  readonly workerId?: string;
}

/**
 * Metrics by name, of all workers together: counters and histograms are added up, of gauges the one that was stored last counts. Rows
 * of other programs that cannot be read are left out, and so are those of another type than the first of that name.
 */
export const readMetrics = async (
  { database, tables }: Pick<Chancy, 'database' | 'tables'>,
  prefix: string,
  { resolution = '5min', workerId }: GetMetricsOptions,
): Promise<ReadonlyMap<string, MetricSeries>> => {
  const rows = await database.query<MetricRow>(selectMetrics(tables), [prefix, resolution, workerId ?? null]);
  const merged = new Map<string, { type: MetricType; buckets: Buckets }>();
  for (const row of rows) {
    const parsed = parseMetricRow(row);
    const before = merged.get(row.metric_key);
    if (parsed === undefined || (before !== undefined && before.type !== parsed.type)) continue;
    const { type, buckets } = parsed;
    merged.set(row.metric_key, { type, buckets: combineBuckets(type, before?.buckets ?? new Map(), buckets) });
  }
  return new Map(
    [...merged].map(([key, { type, buckets }]) => [
      key,
      { type, points: newestFirst(resolution, buckets).map(([at, value]) => ({ timestamp: new Date(at), value })) },
    ]),
  );
};

/** Names of all metrics, in order. */
export const readMetricKeys = async ({
  database,
  tables,
}: Pick<Chancy, 'database' | 'tables'>): Promise<readonly string[]> => {
  const rows = await database.query<{ metric_key: string }>(selectMetricKeys(tables), []);
  return rows.map(({ metric_key }) => metric_key);
};
