import type { Statement } from '../database/statement.js';

export interface TableSizeRow {
  /** Unquoted. */
  readonly name: string;
  /** Bytes, as a float: pg gives bigints as text. */
  readonly total: number;
  readonly heap: number;
  readonly indexes: number;
}

/** Sizes of those tables of $1, quoted names, that are there. By the catalogue's name index; the sizes are asked of the file system. */
export const selectTableSizes = (): Statement => ({
  text: `
    SELECT relname AS name, pg_total_relation_size(oid)::float8 AS total, pg_relation_size(oid)::float8 AS heap,
      pg_indexes_size(oid)::float8 AS indexes
    FROM pg_catalog.pg_class WHERE oid IN (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)`,
});
