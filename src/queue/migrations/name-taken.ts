import type { DatabaseClient } from '../database/database.js';

/** Whether a table, index or other relation of this name is in the schema that new ones go to. Served by pg_class's own name index. */
export const nameIsTaken = async (client: DatabaseClient, name: string): Promise<boolean> => {
  const result = await client.query(
    `SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $1 AND n.nspname = current_schema()`,
    [name],
  );
  return result.rows.length > 0;
};
