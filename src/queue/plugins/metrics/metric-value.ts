import { z } from 'zod';

export const metricTypes = ['counter', 'gauge', 'histogram'] as const;
export type MetricType = (typeof metricTypes)[number];

/** What a histogram keeps of the values of one bucket. */
export interface HistogramValue {
  readonly count: number;
  readonly sum: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
}

/** A number for counters and gauges. */
export type MetricValue = number | HistogramValue;

/** Values by the beginning of their bucket, ms since the epoch. */
export type Buckets = ReadonlyMap<number, MetricValue>;

const histogram = z.object({
  count: z.number().positive(),
  sum: z.number(),
  avg: z.number(),
  min: z.number(),
  max: z.number(),
});

const valueSchemas: Readonly<Record<MetricType, z.ZodType<MetricValue>>> = {
  counter: z.number(),
  gauge: z.number(),
  histogram,
};

/** A stored value of any program; undefined for what does not fit the type. */
export const parseMetricValue = (type: MetricType, value: unknown): MetricValue | undefined =>
  valueSchemas[type].safeParse(value).data;

/** JSON has no infinity, and Python cannot add null. */
const finite = (sum: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, sum));

const asHistogram = (value: MetricValue): HistogramValue =>
  typeof value === 'number' ? { count: 1, sum: value, avg: value, min: value, max: value } : value;

/** The first value that a bucket has. */
export const firstValue = (type: MetricType, value: number): MetricValue =>
  type === 'histogram' ? asHistogram(value) : value;

/** Two values of one bucket: sums, except that of gauges the `later` one counts. */
export const combineValues = (type: MetricType, earlier: MetricValue, later: MetricValue): MetricValue => {
  if (type === 'gauge') return later;
  if (type === 'counter') return finite(Number(earlier) + Number(later));
  const [a, b] = [asHistogram(earlier), asHistogram(later)];
  const count = a.count + b.count;
  const sum = finite(a.sum + b.sum);
  return { count, sum, avg: sum / count, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
};
