import { randomUUID } from 'node:crypto';
import type { Chancy } from '../../chancy.js';
import { type OwnMetricRow, type StoredMetric, lockOwnMetrics, storeMetrics } from '../../sql/metrics.js';
import { isDataError } from '../../worker/data-error.js';
import { coarseBuckets, combineBuckets, parseMetricRow, storedMetric } from './metric-row.js';
import type { RecordedMetric, Recorder } from './recorder.js';
import { resolutions } from './resolution.js';

/** Metrics in one transaction, four rows each. */
const mostMetrics = 250;

/** A part of what was recorded, under a name by which it is known again once it is stored. */
interface Flush {
  readonly id: string;
  readonly metrics: ReadonlyMap<string, RecordedMetric>;
}

/**
 * Adds what one worker recorded to what its rows hold already, so that neither a restart nor a second process of the same worker id
 * loses anything. Only rows of what changed are read and written.
 */
export class MetricStore {
  readonly #chancy: Pick<Chancy, 'database' | 'tables'>;
  readonly #workerId: string;
  readonly #onSkipped: (metric: string, reason: string) => void;
  readonly #flushes: Flush[] = [];

  constructor(
    chancy: Pick<Chancy, 'database' | 'tables'>,
    workerId: string,
    onSkipped: (metric: string, reason: string) => void,
  ) {
    this.#chancy = chancy;
    this.#workerId = workerId;
    this.#onSkipped = onSkipped;
  }

  /** Stores what the recorders have. What cannot be stored for want of a database stays with them, or is kept for the next time. */
  async store(recorders: readonly Recorder[]): Promise<void> {
    await this.#storeAll();
    for (const recorder of recorders) {
      const recorded = [...recorder.take()];
      for (let at = 0; at < recorded.length; at += mostMetrics) {
        this.#flushes.push({ id: randomUUID(), metrics: new Map(recorded.slice(at, at + mostMetrics)) });
      }
      for (const [metric, reason] of recorder.takeSkipped()) this.#onSkipped(metric, reason);
    }
    await this.#storeAll();
  }

  async #storeAll(): Promise<void> {
    for (let flush = this.#flushes[0]; flush !== undefined; flush = this.#flushes[0]) {
      try {
        await this.#storeOne(flush);
      } catch (error) {
        // What the table refuses it will refuse for ever.
        if (isDataError(error)) this.#flushes.shift();
        throw error;
      }
      this.#flushes.shift();
    }
  }

  async #storeOne({ id, metrics }: Flush): Promise<void> {
    const { database, tables } = this.#chancy;
    const keys = [...metrics.keys()];
    const otherTypes = new Map<string, string>();
    await database.transaction(async (client) => {
      const own = await client.query<OwnMetricRow>(lockOwnMetrics(tables).text, [this.#workerId, keys]);
      // It was stored, and only the answer was lost with the connection.
      if (own.rows.some(({ flush }) => flush === id)) return;
      const byRow = new Map(own.rows.map((row) => [`${row.resolution} ${row.metric_key}`, row]));
      const rows: StoredMetric[] = [];
      for (const [key, { type, minutes }] of metrics) {
        for (const resolution of resolutions) {
          const row = byRow.get(`${resolution} ${key}`);
          const before = row === undefined ? undefined : parseMetricRow(row);
          if (row !== undefined && row.metric_type !== type) {
            otherTypes.set(key, `it is a ${row.metric_type}, not a ${type}`);
          } else {
            const buckets = coarseBuckets(type, minutes, resolution);
            rows.push(storedMetric(key, resolution, type, combineBuckets(type, before?.buckets ?? new Map(), buckets)));
          }
        }
      }
      await client.query(storeMetrics(tables).text, [this.#workerId, JSON.stringify(rows), id]);
    });
    for (const [metric, reason] of otherTypes) this.#onSkipped(metric, reason);
  }
}
