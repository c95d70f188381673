import type { MigrationStep } from '../../plugin.js';

/** Every job has a number of attempts. */
export const v3: MigrationStep = {
  async up(client, tables) {
    await client.query(`UPDATE ${tables.jobs} SET max_attempts = 1 WHERE max_attempts IS NULL`);
    await client.query(`
      ALTER TABLE ${tables.jobs}
        ALTER COLUMN max_attempts SET NOT NULL,
        ALTER COLUMN max_attempts SET DEFAULT 1`);
  },
  async down(client, tables) {
    await client.query(`ALTER TABLE ${tables.jobs} ALTER COLUMN max_attempts DROP NOT NULL`);
  },
};
