import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { Database, DatabaseClient } from '../database/database.js';
import type { MigrationSet } from '../plugin.js';
import { ensureVersionTable, lockMigrations, readVersion, writeVersion } from '../sql/schema-version.js';
import type { Tables } from '../tables.js';

/**
 * What Postgres says when Python, which takes no lock, creates the same things at the same moment: unique violation in the catalogue,
 * duplicate table, column or object, deadlock.
 */
const raced = new Set(['23505', '42P07', '42701', '42710', '40P01', '40001']);
const triesAgainstRaces = 5;

/**
 * Brings one set to `toVersion`, or to its newest version, up or down, in one transaction that records each step. Processes that do so
 * at the same time wait for one another. A version newer than this program knows is left alone unless `toVersion` asks for less, which
 * is refused. Returns whether anything was done.
 */
export const migrateSet = async (
  database: Database,
  tables: Tables,
  set: MigrationSet,
  toVersion: number = set.steps.length,
): Promise<boolean> => {
  if (!Number.isInteger(toVersion) || toVersion < 0 || toVersion > set.steps.length) {
    throw new SpoolgateError('MIGRATION_IMPOSSIBLE', {
      detail: `${set.key} has the versions 0 to ${set.steps.length}, not ${toVersion}`,
    });
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction((client) => run(client, tables, set, toVersion));
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (attempt === triesAgainstRaces || typeof code !== 'string' || !raced.has(code)) throw error;
    }
  }
};

const run = async (client: DatabaseClient, tables: Tables, set: MigrationSet, toVersion: number): Promise<boolean> => {
  await client.query(lockMigrations().text);
  await client.query(ensureVersionTable(tables).text);
  const stored = await storedVersion(client, tables, set);
  if (stored > set.steps.length) {
    if (toVersion === set.steps.length) return false;
    throw new SpoolgateError('MIGRATION_IMPOSSIBLE', {
      detail: `${set.key} is at version ${stored}, which this program cannot take down`,
    });
  }
  if (stored === toVersion) return false;
  const up = set.steps.slice(stored, toVersion);
  const down = set.steps.slice(toVersion, stored).toReversed();
  for (const [index, step] of up.entries()) {
    await step.up(client, tables);
    await client.query(writeVersion(tables).text, [set.key, stored + index + 1]);
  }
  for (const [index, step] of down.entries()) {
    await step.down(client, tables);
    await client.query(writeVersion(tables).text, [set.key, stored - index - 1]);
  }
  return true;
};

const storedVersion = async (client: DatabaseClient, tables: Tables, set: MigrationSet): Promise<number> => {
  const result = await client.query<{ version: number | null }>(readVersion(tables).text, [set.key]);
  const version = result.rows[0]?.version ?? 0;
  if (version === 0 || set.intact === undefined) return version;
  return (await set.intact(client, tables)) ? version : 0;
};
