import type { MigrationStep } from '../../plugin.js';

/** Whether Python's workers fetch again as soon as a job ends. */
export const v6: MigrationStep = {
  async up(client, tables) {
    await client.query(
      `ALTER TABLE ${tables.queues} ADD COLUMN IF NOT EXISTS eager_polling boolean NOT NULL DEFAULT false`,
    );
  },
  async down(client, tables) {
    await client.query(`ALTER TABLE ${tables.queues} DROP COLUMN IF EXISTS eager_polling`);
  },
};
