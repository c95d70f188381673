import { textFault } from '../../stored-text.js';
import { type MetricType, type MetricValue, combineValues, firstValue } from './metric-value.js';
import { bucketStart } from './resolution.js';

/** What was recorded of one metric and is not stored yet, by minute. Coarser buckets are made from it. */
export interface RecordedMetric {
  readonly type: MetricType;
  readonly minutes: ReadonlyMap<number, MetricValue>;
}

interface Recording {
  readonly type: MetricType;
  readonly minutes: Map<number, MetricValue>;
}

/** The widths of Chancy's columns. */
const longestKey = 255;
/** Minutes that are kept of one metric while the database is away: a day. */
const mostMinutes = 1440;
/** Metrics that are told to be skipped at most: names that are made up as they come would fill the memory. */
const mostSkipped = 1000;

/** Whether a text fits a column of 255 characters, as Postgres counts them. */
export const fitsColumn = (text: string): boolean => text.length <= longestKey || Array.from(text).length <= longestKey;

/** Gathers what happens until it is stored. Never throws: what the table could not hold is passed over, and named. */
export class Recorder {
  readonly #now: () => number;
  #metrics = new Map<string, Recording>();
  #skipped = new Map<string, string>();
  readonly #named = new Set<string>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  record(type: MetricType, key: string, value: number): void {
    const fault = keyFault(key) ?? (Number.isFinite(value) ? undefined : `its value is ${value}`);
    const metric = this.#metrics.get(key);
    if (fault !== undefined) this.#skip(key, fault);
    else if (metric === undefined) this.#add(type, key, value);
    else if (metric.type === type) this.#addTo(metric, value);
    else this.#skip(key, `it is a ${metric.type}, not a ${type}`);
  }

  #add(type: MetricType, key: string, value: number): void {
    const metric: Recording = { type, minutes: new Map() };
    this.#metrics.set(key, metric);
    this.#addTo(metric, value);
  }

  #addTo({ type, minutes }: Recording, value: number): void {
    const minute = bucketStart('1min', this.#now());
    const before = minutes.get(minute);
    const first = firstValue(type, value);
    minutes.set(minute, before === undefined ? first : combineValues(type, before, first));
    if (minutes.size <= mostMinutes) return;
    minutes.delete(Math.min(...minutes.keys()));
  }

  #skip(key: string, reason: string): void {
    const metric = key.slice(0, longestKey);
    if (this.#named.size >= mostSkipped || this.#named.has(metric)) return;
    this.#named.add(metric);
    this.#skipped.set(metric, reason);
  }

  /** Hands over what was recorded since the last time. */
  take(): ReadonlyMap<string, RecordedMetric> {
    const metrics = this.#metrics;
    this.#metrics = new Map();
    return metrics;
  }

  /** Names of metrics that were passed over, with the reason: each once. */
  takeSkipped(): ReadonlyMap<string, string> {
    const skipped = this.#skipped;
    this.#skipped = new Map();
    return skipped;
  }
}

const keyFault = (key: string): string | undefined => {
  if (!fitsColumn(key)) return `its name is longer than ${longestKey} characters`;
  const fault = key === '' ? 'is empty' : textFault(key);
  return fault === undefined ? undefined : `its name ${fault}`;
};
