import { Metrics } from '../../../../src/queue/plugins/metrics/metrics.js';
import { describePlugin } from '../../../contracts/plugin-conformance.js';

describePlugin('Metrics', () => ({
  plugin: new Metrics(),
  identifier: 'chancy.metrics',
  version: { key: 'metrics', version: 1 },
  pythonTables: `
    CREATE TABLE "chancy_metrics" (
      metric_key varchar(255) NOT NULL,
      resolution varchar(10) NOT NULL,
      worker_id varchar(255) NOT NULL,
      timestamps timestamptz[] NOT NULL,
      values jsonb[] NOT NULL,
      metric_type varchar(20) NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      metadata jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (metric_key, resolution, worker_id)
    );
    CREATE INDEX "chancy_metrics_updated_idx" ON "chancy_metrics" (updated_at);`,
}));
