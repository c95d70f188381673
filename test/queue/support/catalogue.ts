import type { AppFixture } from './app.js';

/** Everything that Postgres knows of the tables in `public`, in words, without those of other owners. */
export const catalogue = async (fixture: Pick<AppFixture, 'rows'>): Promise<string[]> => {
  const rows = await fixture.rows<{ line: string }>(`
    SELECT format('table %s %s', relname, relpersistence) AS line
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT format('column %s.%s #%s %s null=%s default=%s', c.relname, attname, attnum, format_type(atttypid, atttypmod),
        NOT attnotnull, pg_get_expr(adbin, adrelid))
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%spoolgate%'
    UNION ALL
    SELECT format('constraint %s on %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    ORDER BY line`);
  // A default that was written for json and carried on to jsonb is printed as json for ever.
  return rows.map(({ line }) => line.replace(/(default='.*')::jsonb?$/, '$1'));
};

/** The version table without our own row. */
export const versions = async (
  fixture: Pick<AppFixture, 'rows'>,
  prefix = 'chancy_',
): Promise<Record<string, number>> => {
  const rows = await fixture.rows<{ version_of: string; version: number }>(`SELECT * FROM "${prefix}schema_version"`);
  return Object.fromEntries(rows.map(({ version_of, version }) => [version_of, version]));
};
