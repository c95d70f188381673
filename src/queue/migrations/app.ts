import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { Database } from '../database/database.js';
import type { MigrationSet, Plugin } from '../plugin.js';
import { readVersions } from '../sql/schema-version.js';
import type { Tables } from '../tables.js';
import { coreMigrations } from './core.js';
import { migrateSet } from './migrate.js';
import { ownMigrations } from './own.js';

export interface MigrateOptions {
  /**
   * The version to reach, up or down; the newest by default. Without `plugin` it is the core's: the other sets stay as they are, but for
   * 0, which takes everything down.
   */
  readonly toVersion?: number;
  /** Only this set: a plugin's identifier or migration key, `chancy` for the core, `spoolgate` for our own indexes. */
  readonly plugin?: string;
}

interface App {
  readonly database: Database;
  readonly tables: Tables;
  readonly plugins: readonly Plugin[];
}

/** Migrates an app's sets, the core first. Returns whether anything was done. */
export const migrateApp = async (app: App, options: MigrateOptions): Promise<boolean> => {
  const { database, tables } = app;
  const { toVersion, plugin } = options;
  let changed = false;
  for (const set of chosenSets(app, toVersion, plugin)) {
    changed = (await migrateSet(database, tables, set, toVersion)) || changed;
  }
  return changed;
};

const chosenSets = (app: App, toVersion: number | undefined, plugin: string | undefined): readonly MigrationSet[] => {
  const sets = allSets(app.plugins);
  if (plugin !== undefined) {
    const key = app.plugins.find(({ identifier }) => identifier === plugin)?.migrations?.key ?? plugin;
    const set = sets.find((candidate) => candidate.key === key);
    if (set === undefined) {
      throw new SpoolgateError('MIGRATION_IMPOSSIBLE', { detail: `nothing called ${plugin} has migrations` });
    }
    return [set];
  }
  if (toVersion === undefined) return sets;
  return toVersion === 0 ? sets.toReversed() : [coreMigrations];
};

const allSets = (plugins: readonly Plugin[]): readonly MigrationSet[] => [
  coreMigrations,
  ownMigrations,
  ...plugins.map(({ migrations }) => migrations).filter((set) => set !== undefined),
];

/**
 * Whether the core and the plugins have every version that this program knows. Newer versions and rows of sets that it does not know
 * are accepted; our own indexes are not needed. Writes nothing, so a user who may only read can ask.
 */
export const isUpToDate = async (app: App): Promise<boolean> => {
  const stored = await storedVersions(app.database, app.tables);
  return allSets(app.plugins)
    .filter(({ optional }) => optional !== true)
    .every(({ key, steps }) => (stored.get(key) ?? 0) >= steps.length);
};

const undefinedTable = '42P01';

const storedVersions = async (database: Database, tables: Tables): Promise<ReadonlyMap<string, number>> => {
  try {
    const rows = await database.query<{ version_of: string; version: number | null }>(readVersions(tables), []);
    return new Map(rows.map(({ version_of, version }) => [version_of, version ?? 0]));
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) return new Map();
    throw error;
  }
};
