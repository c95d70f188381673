import type { MigrationStep } from '../../plugin.js';

/** When a paused queue goes on by itself. */
export const v4: MigrationStep = {
  async up(client, tables) {
    await client.query(`ALTER TABLE ${tables.queues} ADD COLUMN IF NOT EXISTS resume_at timestamptz`);
  },
  async down(client, tables) {
    await client.query(`ALTER TABLE ${tables.queues} DROP COLUMN IF EXISTS resume_at`);
  },
};
