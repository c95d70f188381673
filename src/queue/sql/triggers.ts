import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/** A relation that a user named. */
export interface RelationRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** As in pg_class. */
  readonly kind: string;
  readonly is_temporary: boolean;
  readonly is_ours: boolean;
}

export interface TriggerRow {
  readonly id: string;
  readonly name: string;
  readonly table_name: string;
  readonly operations: readonly string[];
  readonly columns: readonly string[];
  readonly job: unknown;
  readonly created_at: unknown;
  /** Of the relation that has the trigger now; NULL when none has. */
  readonly oid: string | null;
  readonly schema: string | null;
  readonly table: string | null;
}

const table = (tables: Tables): string => tables.table('spoolgate_triggers');

/** What a name means; $1 name as in SQL, $2 quoted names of Chancy's tables. By the catalogue's indexes. */
export const selectRelation = (): Statement => ({
  text: `
    SELECT relation.oid::text AS oid, nspname AS schema, relname AS name, relkind AS kind,
      relpersistence = 't' AS is_temporary,
      relation.oid IN (SELECT to_regclass(ours) FROM unnest($2::text[]) AS ours) AS is_ours
    FROM pg_catalog.pg_class AS relation JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relnamespace
    WHERE relation.oid = to_regclass($1)`,
});

const selectTriggers = (tables: Tables, where: string): string => `
    SELECT configured.*, relation.oid::text AS oid, namespace.nspname AS schema, relation.relname AS table
    FROM ${table(tables)} AS configured
    LEFT JOIN pg_catalog.pg_trigger AS placed
      ON placed.tgname = 'spoolgate_' || configured.id AND placed.tgparentid = 0
    LEFT JOIN pg_catalog.pg_class AS relation ON relation.oid = placed.tgrelid
    LEFT JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relation.relnamespace
    ${where}`;

/** All triggers by name, with the tables that have them. A handful of rows, and pg_trigger as a whole. */
export const listTriggers = (tables: Tables): Statement => ({
  text: selectTriggers(tables, 'ORDER BY configured.name COLLATE "C"'),
});

/** $1 id. By primary key, and pg_trigger as a whole. */
export const selectTrigger = (tables: Tables): Statement => ({
  text: selectTriggers(tables, 'WHERE configured.id = $1'),
});

/**
 * Makes room for a trigger, so that others who register it wait. $1 id, $2 name. By primary key. Its other columns are set by
 * `saveTrigger`.
 */
export const claimTrigger = (tables: Tables): Statement => ({
  text: `
    INSERT INTO ${table(tables)} (id, name, table_name, operations, columns, job, notifies)
    VALUES ($1, $2, '', '{}', '{}', '{}', false)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
});

/** $1 id, $2 table, $3 operations, $4 columns, $5 packed job as JSON, $6 whether to notify. By primary key. */
export const saveTrigger = (tables: Tables): Statement => ({
  text: `
    UPDATE ${table(tables)}
    SET table_name = $2, operations = $3::text[], columns = $4::text[], job = $5::jsonb, notifies = $6
    WHERE id = $1`,
});

/** $1 id. By primary key. */
export const deleteTrigger = (tables: Tables): Statement => ({
  text: `DELETE FROM ${table(tables)} WHERE id = $1 RETURNING id`,
});
