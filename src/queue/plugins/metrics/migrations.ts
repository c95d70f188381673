import type { MigrationSet } from '../../plugin.js';

/** Chancy's table of metrics, as Python's Chancy 0.25 makes it (wire contract, sections 1.1 and 1.5). */
export const metricsMigrations: MigrationSet = {
  key: 'metrics',
  steps: [
    {
      async up(client, tables) {
        const metrics = tables.table('metrics');
        await client.query(`
          CREATE TABLE IF NOT EXISTS ${metrics} (
            metric_key varchar(255) NOT NULL,
            resolution varchar(10) NOT NULL,
            worker_id varchar(255) NOT NULL,
            timestamps timestamptz[] NOT NULL,
            values jsonb[] NOT NULL,
            metric_type varchar(20) NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT now(),
            metadata jsonb NOT NULL DEFAULT '{}',
            PRIMARY KEY (metric_key, resolution, worker_id)
          )`);
        await client.query(
          `CREATE INDEX IF NOT EXISTS ${tables.table('metrics_updated_idx')} ON ${metrics} (updated_at)`,
        );
      },
      async down(client, tables) {
        await client.query(`DROP TABLE IF EXISTS ${tables.table('metrics')}`);
      },
    },
  ],
};
