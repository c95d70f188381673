import type { DatabaseClient } from '../../database/database.js';
import type { MigrationStep } from '../../plugin.js';
import type { Tables } from '../../tables.js';

/** json becomes jsonb. Rewrites both tables under an exclusive lock. */
export const v5: MigrationStep = {
  up: (client, tables) => convert(client, tables, 'jsonb'),
  down: (client, tables) => convert(client, tables, 'json'),
};

const convert = async (client: DatabaseClient, tables: Tables, type: 'json' | 'jsonb'): Promise<void> => {
  const columns = ['kwargs', 'limits', 'meta', 'errors'];
  const changes = columns.map((column) => `ALTER COLUMN ${column} TYPE ${type} USING ${column}::${type}`);
  await client.query(`ALTER TABLE ${tables.jobs} ${changes.join(', ')}`);
  await client.query(
    `ALTER TABLE ${tables.queues} ALTER COLUMN executor_options TYPE ${type} USING executor_options::${type}`,
  );
};
