import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/** A row of metrics; `points` are [ms since the epoch, value], the newest first. */
export interface MetricRow {
  readonly metric_key: string;
  readonly resolution: string;
  readonly metric_type: string;
  readonly points: unknown;
}

export interface OwnMetricRow extends MetricRow {
  readonly flush: string | null;
}

/** One row to be stored; `timestamps` as ISO texts. */
export interface StoredMetric {
  readonly metric_key: string;
  readonly resolution: string;
  readonly metric_type: string;
  readonly timestamps: readonly string[];
  readonly values: readonly unknown[];
}

const points = `coalesce((
      SELECT jsonb_agg(jsonb_build_array(extract(epoch FROM point.at) * 1000, point.value) ORDER BY point.n)
      FROM unnest(timestamps, values) WITH ORDINALITY AS point (at, value, n)
      WHERE isfinite(point.at)
    ), '[]') AS points`;

/** Locks what worker $1 has of the metrics $2. By primary key. */
export const lockOwnMetrics = (tables: Tables): Statement => ({
  text: `
    SELECT metric_key, resolution, metric_type, metadata ->> 'flush' AS flush, ${points}
    FROM ${tables.table('metrics')}
    WHERE metric_key = ANY($2::text[]) AND worker_id = $1
    ORDER BY metric_key, resolution
    FOR UPDATE`,
});

/** Stores rows of worker $1; $2 array of StoredMetric as JSON, $3 what names this flush. By primary key. */
export const storeMetrics = (tables: Tables): Statement => ({
  text: `
    INSERT INTO ${tables.table('metrics')}
      (metric_key, resolution, worker_id, timestamps, values, metric_type, updated_at, metadata)
    SELECT metric_key, resolution, $1, timestamps, values, metric_type, now(), jsonb_build_object('flush', $3::text)
    FROM json_to_recordset($2::json) AS input (
      metric_key text, resolution text, metric_type text, timestamps timestamptz[], values jsonb[]
    )
    ON CONFLICT (metric_key, resolution, worker_id) DO UPDATE SET
      timestamps = excluded.timestamps, values = excluded.values, metric_type = excluded.metric_type,
      updated_at = excluded.updated_at, metadata = excluded.metadata`,
});

/**
 * What all workers, or worker $3, have of the metrics whose names begin with $1, at resolution $2; what was stored last comes last. Reads
 * the table as a whole: the order of its primary key is the database's language, in which a prefix is no range.
 */
export const selectMetrics = (tables: Tables): Statement => ({
  name: tables.statementName('select_metrics'),
  text: `
    SELECT metric_key, resolution, metric_type, ${points}
    FROM ${tables.table('metrics')}
    WHERE starts_with(metric_key, $1) AND resolution = $2 AND ($3::text IS NULL OR worker_id = $3)
    ORDER BY metric_key COLLATE "C", updated_at`,
});

/** Names of all metrics. Reads the primary key as a whole. */
export const selectMetricKeys = (tables: Tables): Statement => ({
  name: tables.statementName('select_metric_keys'),
  text: `SELECT DISTINCT metric_key COLLATE "C" AS metric_key FROM ${tables.table('metrics')} ORDER BY 1`,
});

/** Deletes the rows that nobody has added to for $1 s. By `metrics_updated_idx`. */
export const deleteOldMetrics = (tables: Tables): Statement => ({
  text: `
    DELETE FROM ${tables.table('metrics')} WHERE updated_at < now() - make_interval(secs => $1::float8)
    RETURNING metric_key`,
});
