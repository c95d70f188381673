import type { DatabaseClient } from '../../database/database.js';
import type { MigrationSet } from '../../plugin.js';
import { createJobIdFunction, createTriggerFunction } from '../../sql/trigger-function.js';
import { type Tables, quoteIdentifier } from '../../tables.js';
import { jobIdFunction, triggerFunction, triggersTable } from './names.js';

const schemaOf = async (client: DatabaseClient, table: string): Promise<string> => {
  const result = await client.query<{ schema: string }>(
    `SELECT nspname AS schema FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace AS namespace
     ON namespace.oid = relnamespace WHERE pg_class.oid = to_regclass($1)`,
    [table],
  );
  return quoteIdentifier(result.rows[0]?.schema ?? 'public');
};

/** Spoolgate's own: Chancy 0.25 has no such plugin. */
export const triggersMigrations: MigrationSet = {
  key: 'spoolgate_triggers',
  steps: [
    {
      async up(client, tables) {
        await client.query(`
          CREATE TABLE IF NOT EXISTS ${triggersTable(tables)} (
            id text PRIMARY KEY,
            name text NOT NULL,
            table_name text NOT NULL,
            operations text[] NOT NULL,
            columns text[] NOT NULL,
            job jsonb NOT NULL,
            notifies boolean NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
          )`);
        await createFunctions(client, tables);
      },
      async down(client, tables) {
        // With the triggers that call it, on whatever table they are.
        await client.query(`DROP FUNCTION IF EXISTS ${triggerFunction(tables)}() CASCADE`);
        await client.query(`DROP FUNCTION IF EXISTS ${jobIdFunction(tables)}()`);
        await client.query(`DROP TABLE IF EXISTS ${triggersTable(tables)}`);
      },
    },
  ],
};

const createFunctions = async (client: DatabaseClient, tables: Tables): Promise<void> => {
  const own = await schemaOf(client, triggersTable(tables));
  const parts = {
    jobs: `${await schemaOf(client, tables.jobs)}.${tables.jobs}`,
    triggers: `${own}.${triggersTable(tables)}`,
    triggerFunction: `${own}.${triggerFunction(tables)}`,
    jobIdFunction: `${own}.${jobIdFunction(tables)}`,
    channel: tables.channel,
  };
  await client.query(createJobIdFunction(parts));
  await client.query(createTriggerFunction(parts));
  // It has its maker's rights: nobody else may put it on a table of theirs.
  await client.query(`REVOKE ALL ON FUNCTION ${parts.triggerFunction}() FROM PUBLIC`);
};
