import { isDeepStrictEqual } from 'node:util';
import { SpoolgateError, errorText } from '../../../errors/spoolgate-error.js';
import type { Chancy } from '../../chancy.js';
import type { QueryClient } from '../../job-store.js';
import { packJob } from '../../packed-job.js';
import {
  type RelationRow,
  type TriggerRow,
  claimTrigger,
  deleteTrigger,
  saveTrigger,
  selectRelation,
  selectTrigger,
} from '../../sql/triggers.js';
import { quoteIdentifier } from '../../tables.js';
import { postgresTrigger, triggerFunction, triggerId, triggersTable } from './names.js';
import type { CheckedTrigger } from './trigger-options.js';

type App = Pick<Chancy, 'tables' | 'plugins' | 'notifications'>;

const run = async <Row>(client: QueryClient, text: string, values: unknown[] = []): Promise<Row[]> =>
  (await client.query({ text, values })).rows as Row[];

const invalid = (detail: string, cause?: unknown): SpoolgateError =>
  new SpoolgateError('TRIGGER_INVALID', { detail, cause });

/** Ordinary, partitioned and foreign tables: those that can have a trigger for each row after the fact. */
const kinds = new Set(['r', 'p', 'f']);

/** What Postgres says when the statement is wrong for that table: syntax, names, rights. */
const refusal = /^42/;

/** Stores a trigger and sets it on its table; one of the same name is replaced. */
export const registerTrigger = async (client: QueryClient, app: App, trigger: CheckedTrigger): Promise<void> => {
  const { tables } = app;
  const id = triggerId(tables, trigger.name);
  const relation = await findRelation(client, app, trigger.table);
  await run(client, claimTrigger(tables).text, [id, trigger.name]);
  const [before] = await run<TriggerRow>(client, selectTrigger(tables).text, [id]);
  if (before === undefined || !isPlaced(before, relation, trigger)) {
    if (before !== undefined) await dropPlaced(client, before);
    await place(client, app, relation, trigger, id);
  }
  const table = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
  const { operations, columns, job } = trigger;
  const values = [id, table, operations, columns, JSON.stringify(packJob(job)), app.notifications];
  await run(client, saveTrigger(tables).text, values);
};

/** Takes a trigger from its table, if that is still there. Resolves to whether there was one of this name. */
export const removeTrigger = async (client: QueryClient, { tables }: App, name: string): Promise<boolean> => {
  const id = triggerId(tables, name);
  const [before] = await run<TriggerRow>(client, selectTrigger(tables).text, [id]);
  if (before !== undefined) await dropPlaced(client, before);
  const deleted = await run(client, deleteTrigger(tables).text, [id]);
  return deleted.length > 0;
};

const findRelation = async (client: QueryClient, { tables, plugins }: App, table: string): Promise<RelationRow> => {
  const { jobs, queues, workers, leader, queueRateLimits, schemaVersion } = tables;
  const core = [jobs, queues, workers, leader, queueRateLimits, schemaVersion, triggersTable(tables)];
  const ours = [...core, ...plugins.flatMap((plugin) => plugin.tables(tables))];
  const [relation] = await refusing(`table: ${table}`, () =>
    run<RelationRow>(client, selectRelation().text, [table, ours]),
  );
  if (relation === undefined) throw invalid(`table: there is no ${table}`);
  if (!kinds.has(relation.kind)) throw invalid(`table: ${table} is not a table`);
  if (relation.is_temporary) throw invalid(`table: ${table} is temporary`);
  // A job for each change of a job would go on for ever.
  if (relation.is_ours) throw invalid(`table: ${table} is one of Chancy's own`);
  return relation;
};

/** Whether the trigger is in place as it should be: setting it again would lock the table for nothing. */
const isPlaced = (row: TriggerRow, relation: RelationRow, { operations, columns }: CheckedTrigger): boolean =>
  row.oid === relation.oid && isDeepStrictEqual(row.operations, operations) && isDeepStrictEqual(row.columns, columns);

const dropPlaced = async (client: QueryClient, { id, schema, table }: TriggerRow): Promise<void> => {
  if (schema === null || table === null) return;
  const name = quoteIdentifier(postgresTrigger(id));
  await refusing('table', () =>
    run(client, `DROP TRIGGER IF EXISTS ${name} ON ${quoteIdentifier(schema)}.${quoteIdentifier(table)}`),
  );
};

const place = async (
  client: QueryClient,
  { tables }: App,
  relation: RelationRow,
  { operations, columns, table }: CheckedTrigger,
  id: string,
): Promise<void> => {
  const of = columns.length === 0 ? '' : ` OF ${columns.map(quoteIdentifier).join(', ')}`;
  const events = operations.map((one) => (one === 'UPDATE' ? `UPDATE${of}` : one)).join(' OR ');
  // The id is letters and digits only: nothing of the user's stands in the text.
  await refusing(`table: ${table}`, () =>
    run(
      client,
      `CREATE TRIGGER ${quoteIdentifier(postgresTrigger(id))} AFTER ${events}
       ON ${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}
       FOR EACH ROW EXECUTE FUNCTION ${triggerFunction(tables)}('${id}')`,
    ),
  );
};

const refusing = async <T>(what: string, statement: () => Promise<T>): Promise<T> => {
  try {
    return await statement();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && refusal.test(code)) throw invalid(`${what}: ${errorText(error)}`, error);
    throw error;
  }
};
