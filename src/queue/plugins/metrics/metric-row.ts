import { z } from 'zod';
import type { MetricRow, StoredMetric } from '../../sql/metrics.js';
import {
  type Buckets,
  type MetricType,
  type MetricValue,
  combineValues,
  metricTypes,
  parseMetricValue,
} from './metric-value.js';
import { type Resolution, bucketStart, resolutionShapes } from './resolution.js';

const rowSchema = z.object({ metric_type: z.enum(metricTypes), points: z.array(z.tuple([z.number(), z.unknown()])) });

export interface ParsedMetric {
  readonly type: MetricType;
  readonly buckets: Buckets;
}

/** Reads a row that any program may have written; undefined for one of another type. Points that are none are left out. */
export const parseMetricRow = (row: MetricRow): ParsedMetric | undefined => {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) return undefined;
  const { metric_type: type, points } = parsed.data;
  const buckets = new Map<number, MetricValue>();
  for (const [at, stored] of points) {
    const value = parseMetricValue(type, stored);
    if (value !== undefined && !buckets.has(at)) buckets.set(at, value);
  }
  return { type, buckets };
};

/** Buckets with those of `later` added. */
export const combineBuckets = (type: MetricType, earlier: Buckets, later: Buckets): Buckets => {
  const combined = new Map(earlier);
  for (const [at, value] of later) {
    const before = combined.get(at);
    combined.set(at, before === undefined ? value : combineValues(type, before, value));
  }
  return combined;
};

/** Minutes, in the order of time, as the buckets of a coarser resolution. */
export const coarseBuckets = (type: MetricType, minutes: Buckets, resolution: Resolution): Buckets => {
  const buckets = new Map<number, MetricValue>();
  for (const [minute, value] of [...minutes].toSorted(([a], [b]) => a - b)) {
    const at = bucketStart(resolution, minute);
    const before = buckets.get(at);
    buckets.set(at, before === undefined ? value : combineValues(type, before, value));
  }
  return buckets;
};

/** The newest buckets, as many as the resolution keeps, the newest first. */
export const newestFirst = (resolution: Resolution, buckets: Buckets): readonly (readonly [number, MetricValue])[] =>
  [...buckets].toSorted(([a], [b]) => b - a).slice(0, resolutionShapes[resolution].points);

/** A row as it is stored. */
export const storedMetric = (
  metric_key: string,
  resolution: Resolution,
  metric_type: MetricType,
  buckets: Buckets,
): StoredMetric => {
  const points = newestFirst(resolution, buckets);
  return {
    metric_key,
    resolution,
    metric_type,
    timestamps: points.map(([at]) => new Date(at).toISOString()),
    values: points.map(([, value]) => value),
  };
};
