import type { MigrationSet } from '../../plugin.js';
import { endedAt } from '../rules/job-rules.js';

/**
 * An index of finished jobs by when they ended, for the default rule. It has a row of its own in the version table, as Chancy's pruner has
 * no migrations, and is not needed to work.
 */
export const prunerMigrations: MigrationSet = {
  key: 'spoolgate_pruner',
  optional: true,
  steps: [
    {
      async up(client, tables) {
        await client.query(`
          CREATE INDEX IF NOT EXISTS ${tables.table('spoolgate_jobs_ended')}
          ON ${tables.jobs} ((${endedAt})) WHERE state IN ('succeeded', 'failed')`);
      },
      async down(client, tables) {
        await client.query(`DROP INDEX IF EXISTS ${tables.table('spoolgate_jobs_ended')}`);
      },
    },
  ],
  // It goes with the jobs table when Python takes its core down.
  async intact(client, tables) {
    const result = await client.query<{ intact: boolean }>('SELECT to_regclass($1) IS NOT NULL AS intact', [
      tables.table('spoolgate_jobs_ended'),
    ]);
    return result.rows[0]?.intact ?? false;
  },
};
