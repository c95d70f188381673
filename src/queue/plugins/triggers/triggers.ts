import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import type { QueryClient } from '../../job-store.js';
import type { Job } from '../../job.js';
import { unpackJob } from '../../packed-job.js';
import { Plugin } from '../../plugin.js';
import { rowTime } from '../../row-time.js';
import { type TriggerRow, listTriggers } from '../../sql/triggers.js';
import { type Tables, quoteIdentifier } from '../../tables.js';
import { triggersMigrations } from './migrations.js';
import { triggersTable } from './names.js';
import { type TriggerOperation, type TriggerOptions, checkTrigger, triggerOperations } from './trigger-options.js';
import { registerTrigger, removeTrigger } from './trigger-store.js';

/** A trigger as the database has it. */
export interface StoredTrigger {
  readonly name: string;
  /** Quoted and with its schema, as it is called now; or as it was called, when it is gone and the trigger with it. */
  readonly table: string;
  /** False when the table has been deleted, or somebody has taken the trigger from it. */
  readonly isPlaced: boolean;
  readonly on: readonly TriggerOperation[];
  readonly columns: readonly string[];
  /** Null where somebody has written what is no job. */
  readonly job: Job | null;
  readonly createdAt: Date;
}

const storedSchema = z.object({ on: z.array(z.enum(triggerOperations)).catch([]), createdAt: rowTime });

/**
 * Pushes a job when a row of a user's table is inserted, updated or deleted, by a trigger in Postgres: in the same transaction, whoever
 * writes, whether or not a worker runs. The plugin is needed for its migrations; a worker has nothing to do for it.
 */
export class Triggers extends Plugin {
  override readonly identifier = 'spoolgate.triggers';
  override readonly migrations = triggersMigrations;

  /**
   * Sets a trigger on a table; one of the same name is replaced. Locks out the table's writers for a moment, unless only the job is
   * another one. Rejects with `TRIGGER_INVALID` or `JOB_INVALID`, naming the field.
   */
  static async register(chancy: Chancy, options: TriggerOptions): Promise<void> {
    const trigger = checkTrigger(options);
    await chancy.database.transaction((client) => registerTrigger(client, chancy, trigger));
  }

  /** The same on a connection of the caller's, inside its transaction. */
  static async registerEx(client: QueryClient, chancy: Chancy, options: TriggerOptions): Promise<void> {
    await registerTrigger(client, chancy, checkTrigger(options));
  }

  /** Takes a trigger away; jobs that it has pushed stay. Resolves to whether there was one of this name. */
  static remove(chancy: Chancy, name: string): Promise<boolean> {
    return chancy.database.transaction((client) => removeTrigger(client, chancy, name));
  }

  /** The same on a connection of the caller's, inside its transaction. */
  static removeEx(client: QueryClient, chancy: Chancy, name: string): Promise<boolean> {
    return removeTrigger(client, chancy, name);
  }

  /** By name. */
  static async list({ database, tables }: Chancy): Promise<StoredTrigger[]> {
    const rows = await database.query<TriggerRow>(listTriggers(tables), []);
    return rows.map(storedTrigger);
  }

  override tables(tables: Tables): readonly string[] {
    return [triggersTable(tables)];
  }
}

const storedTrigger = (row: TriggerRow): StoredTrigger => {
  const { name, table_name, schema, table, columns } = row;
  const { on, createdAt } = storedSchema.parse({ on: row.operations, createdAt: row.created_at });
  const isPlaced = schema !== null && table !== null;
  const unpacked = unpackJob(row.job);
  return {
    name,
    table: isPlaced ? `${quoteIdentifier(schema)}.${quoteIdentifier(table)}` : table_name,
    isPlaced,
    on,
    columns,
    job: unpacked.ok ? unpacked.job : null,
    createdAt,
  };
};
