import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';

/** Any number that nobody else locks: "spoolgat" in ASCII. One lock for all prefixes, as they share the leader constraint's name. */
const lockKey = '0x73706f6f6c676174';

/** Makes migrations wait for one another until the transaction ends. */
export const lockMigrations = (): Statement => ({
  text: `SELECT pg_catalog.pg_advisory_xact_lock(${BigInt(lockKey)})`,
});

export const ensureVersionTable = (tables: Tables): Statement => ({
  text: `CREATE TABLE IF NOT EXISTS ${tables.schemaVersion} (version_of varchar(255) PRIMARY KEY, version integer)`,
});

/** $1 key. By primary key. */
export const readVersion = (tables: Tables): Statement => ({
  text: `SELECT version FROM ${tables.schemaVersion} WHERE version_of = $1`,
});

/** All sets, known or not: a handful of rows. */
export const readVersions = (tables: Tables): Statement => ({
  text: `SELECT version_of, version FROM ${tables.schemaVersion}`,
});

/** $1 key, $2 version. By primary key. */
export const writeVersion = (tables: Tables): Statement => ({
  text: `
    INSERT INTO ${tables.schemaVersion} (version_of, version) VALUES ($1, $2)
    ON CONFLICT (version_of) DO UPDATE SET version = excluded.version`,
});
