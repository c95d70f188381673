import type { MigrationSet } from '../plugin.js';

/**
 * What Spoolgate adds to Chancy's tables: indexes only, so that a database without them works, more slowly. `fetch` is in the order in
 * which jobs are claimed, so that a claim reads as many entries as it takes jobs; `scheduled_at` at its end passes over jobs of the
 * future without a look at the table. `running` finds the jobs of a worker.
 */
export const ownMigrations: MigrationSet = {
  key: 'spoolgate',
  optional: true,
  steps: [
    {
      async up(client, tables) {
        await client.query(`
          CREATE INDEX IF NOT EXISTS ${tables.table('spoolgate_jobs_fetch')}
          ON ${tables.jobs} (queue, priority DESC, id, scheduled_at) WHERE state IN ('pending', 'retrying')`);
        await client.query(`
          CREATE INDEX IF NOT EXISTS ${tables.table('spoolgate_jobs_running')}
          ON ${tables.jobs} (taken_by) WHERE state = 'running'`);
      },
      async down(client, tables) {
        await client.query(`DROP INDEX IF EXISTS ${tables.table('spoolgate_jobs_fetch')}`);
        await client.query(`DROP INDEX IF EXISTS ${tables.table('spoolgate_jobs_running')}`);
      },
    },
  ],
  // They go with the jobs table when Python takes its core down, and nobody tells our version row.
  async intact(client, tables) {
    const result = await client.query<{ intact: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL AS intact',
      [tables.table('spoolgate_jobs_fetch'), tables.table('spoolgate_jobs_running')],
    );
    return result.rows[0]?.intact ?? false;
  },
};
