import type { MigrationStep } from '../../plugin.js';

/** Indexes for looking at a queue's jobs by state, and for Python's fetch and pruner. */
export const v2: MigrationStep = {
  async up(client, tables) {
    await client.query(
      `CREATE INDEX IF NOT EXISTS ${tables.table('idx_jobs_queue_state')} ON ${tables.jobs} (queue, state)`,
    );
    await client.query(`
      CREATE INDEX IF NOT EXISTS ${tables.table('idx_jobs_fetch_prune')}
      ON ${tables.jobs} (queue, state, attempts, scheduled_at, priority DESC, id DESC)
      WHERE state IN ('pending', 'retrying')`);
  },
  async down(client, tables) {
    await client.query(`DROP INDEX IF EXISTS ${tables.table('idx_jobs_queue_state')}`);
    await client.query(`DROP INDEX IF EXISTS ${tables.table('idx_jobs_fetch_prune')}`);
  },
};
