import type { MigrationSet } from '../../plugin.js';

/** Chancy's table, step by step as Python makes it (wire contract, section 1.5). */
export const cronMigrations: MigrationSet = {
  key: 'cron',
  steps: [
    {
      async up(client, tables) {
        await client.query(`
          CREATE TABLE IF NOT EXISTS ${tables.table('cron')} (
            unique_key text PRIMARY KEY,
            job json NOT NULL,
            cron text NOT NULL,
            last_run timestamptz,
            next_run timestamptz NOT NULL
          )`);
      },
      async down(client, tables) {
        await client.query(`DROP TABLE IF EXISTS ${tables.table('cron')}`);
      },
    },
    {
      async up(client, tables) {
        await client.query(`ALTER TABLE ${tables.table('cron')} ALTER COLUMN job TYPE jsonb USING job::jsonb`);
      },
      async down(client, tables) {
        await client.query(`ALTER TABLE ${tables.table('cron')} ALTER COLUMN job TYPE json USING job::json`);
      },
    },
  ],
};
