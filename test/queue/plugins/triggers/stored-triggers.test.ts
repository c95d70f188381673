import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../src/queue/job.js';
import type { TriggerOptions } from '../../../../src/queue/plugins/triggers/trigger-options.js';
import { Triggers } from '../../../../src/queue/plugins/triggers/triggers.js';
import { job, orders, pushed } from './orders.js';

describe('triggers in the database', () => {
  it('are listed as they are, removed, and gone after that', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: ['DELETE', 'INSERT'], job, name: 'b' });
    await Triggers.register(b.chancy, { table: 'public.orders', on: 'UPDATE', job });
    const [first, second] = await Triggers.list(b.chancy);
    expect(first).toMatchObject({ name: 'b', table: '"public"."orders"', isPlaced: true, on: ['INSERT', 'DELETE'] });
    expect(first!.job).toEqual(job.withScheduledAt(first!.job!.scheduledAt));
    expect(second).toMatchObject({ name: 'public.orders: changed', on: ['UPDATE'], columns: [] });
    expect(await Triggers.remove(b.chancy, 'b')).toBe(true);
    expect(await Triggers.remove(b.chancy, 'b')).toBe(false);
    await b.sql('INSERT INTO orders VALUES (1)');
    expect(await pushed(b)).toEqual([]);
    expect((await Triggers.list(b.chancy)).map(({ name }) => name)).toEqual(['public.orders: changed']);
  });

  it('are replaced under the same name, and left in place when only the job is another', async () => {
    const b = await orders();
    await b.sql('CREATE TABLE parcels (id int)');
    const placed = (): Promise<object[]> => b.sql("SELECT oid FROM pg_trigger WHERE tgname LIKE 'spoolgate%'");
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job, name: 'n' });
    const first = await placed();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job: job.withFunc('second'), name: 'n' });
    expect(await placed()).toEqual(first);
    await b.sql('INSERT INTO orders VALUES (1)');
    await Triggers.register(b.chancy, { table: 'orders', on: ['UPDATE'], job, name: 'n' });
    await Triggers.register(b.chancy, { table: 'orders', on: ['UPDATE'], columns: ['note'], job, name: 'n' });
    await Triggers.register(b.chancy, { table: 'parcels', on: 'INSERT', job: job.withFunc('third'), name: 'n' });
    expect(await placed()).toHaveLength(1);
    await b.sql('INSERT INTO orders VALUES (2)');
    await b.sql('INSERT INTO parcels VALUES (2)');
    expect((await pushed(b)).map(({ func }) => func)).toEqual(['second', 'third']);
  });

  it('follow a table that is renamed, and outlive one that is dropped', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job, name: 'n' });
    await b.sql('ALTER TABLE orders RENAME TO "Old Orders"');
    expect(await Triggers.list(b.chancy)).toMatchObject([{ table: '"public"."Old Orders"', isPlaced: true }]);
    await b.sql('INSERT INTO "Old Orders" VALUES (1)');
    expect(await pushed(b)).toHaveLength(1);
    await b.sql('DROP TABLE "Old Orders"');
    expect(await Triggers.list(b.chancy)).toMatchObject([{ table: '"public"."orders"', isPlaced: false }]);
    expect(await Triggers.remove(b.chancy, 'n')).toBe(true);
  });

  it('are set on partitioned tables once', async () => {
    const b = await orders();
    await b.sql('CREATE TABLE logs (id int) PARTITION BY RANGE (id)');
    await b.sql('CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10)');
    await Triggers.register(b.chancy, { table: 'logs', on: 'INSERT', job });
    await b.sql('INSERT INTO logs VALUES (1)');
    expect(await pushed(b)).toMatchObject([{ kwargs: { table: 'logs_1' } }]);
    expect(await Triggers.list(b.chancy)).toMatchObject([{ table: '"public"."logs"' }]);
  });

  it('belong to the transaction of the caller', async () => {
    const b = await orders();
    const client = await b.connect();
    const options: TriggerOptions = { table: 'orders', on: 'INSERT', job, name: 'n' };
    await client.query('BEGIN');
    await Triggers.registerEx(client, b.chancy, options);
    await client.query('ROLLBACK');
    expect(await Triggers.list(b.chancy)).toEqual([]);
    await Triggers.register(b.chancy, options);
    await client.query('BEGIN');
    expect(await Triggers.removeEx(client, b.chancy, 'n')).toBe(true);
    await client.query('ROLLBACK');
    expect(await Triggers.list(b.chancy)).toHaveLength(1);
  });

  it('may be registered by many at once', async () => {
    const b = await orders();
    const register = (): Promise<void> => Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await Promise.all([register(), register(), register(), register()]);
    await b.sql('INSERT INTO orders VALUES (1)');
    expect(await pushed(b)).toHaveLength(1);
  });

  it('quote whatever the user calls things', async () => {
    const b = await orders();
    await b.sql(`CREATE SCHEMA "my ""shop"`);
    await b.sql(`CREATE TABLE "my ""shop"."it's; DROP" ("a ""b" int)`);
    const name = `'); DROP TABLE orders; --"`;
    const table = `"my ""shop"."it's; DROP"`;
    await Triggers.register(b.chancy, { table, on: ['INSERT', 'UPDATE'], columns: ['a "b'], job, name });
    await b.sql(`INSERT INTO ${table} VALUES (1)`);
    await b.sql(`UPDATE ${table} SET "a ""b" = 2`);
    expect(await pushed(b)).toMatchObject([
      { kwargs: { schema: 'my "shop', table: "it's; DROP", new: { 'a "b': 1 } } },
      { kwargs: { operation: 'UPDATE' } },
    ]);
    expect(await Triggers.list(b.chancy)).toMatchObject([{ name, table }]);
    expect(await Triggers.remove(b.chancy, name)).toBe(true);
    expect(await b.sql('SELECT 1 FROM orders')).toEqual([]);
  });

  it('are readable whatever somebody wrote', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await b.sql(`UPDATE chancy_spoolgate_triggers SET operations = '{TRUNCATE}', job = '{}'`);
    expect(await Triggers.list(b.chancy)).toMatchObject([{ on: [], job: null }]);
  });

  it.each([
    ['a table that is not there', { table: 'nowhere' }, 'table: there is no nowhere'],
    ['a name that is none', { table: 'a.b.c.d' }, 'table: a.b.c.d'],
    ['a view', { table: 'order_view' }, 'table: order_view is not a table'],
    ['the jobs themselves', { table: 'chancy_jobs' }, "table: chancy_jobs is one of Chancy's own"],
    ['its own table', { table: 'chancy_spoolgate_triggers' }, "is one of Chancy's own"],
    ['no operation', { on: [] }, 'on: '],
    ['an operation that rows do not have', { on: 'TRUNCATE' as never }, 'on: '],
    ['columns without updates', { columns: ['id'] }, 'columns: needs UPDATE in on'],
    ['a column that is not there', { on: 'UPDATE', columns: ['nope'] }, 'table: orders: column "nope"'],
    ['a job that is none', { job: 7 as never }, 'job: is not a Job'],
    ['an option that is none', { when: 'now' } as never, 'when'],
  ] as [string, Partial<TriggerOptions>, string][])('are refused for %s', async (_what, options, words) => {
    const b = await orders();
    await b.sql('CREATE VIEW order_view AS SELECT 1 AS id');
    const register = Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job, ...options });
    await expect(register).rejects.toThrow(/^TRIGGER_INVALID/);
    await expect(register).rejects.toThrow(words);
    expect(await Triggers.list(b.chancy)).toEqual([]);
  });

  it('are refused for a temporary table and for a job that could not be pushed', async () => {
    const b = await orders();
    const client = await b.connect();
    await client.query('CREATE TEMPORARY TABLE mine (id int)');
    await expect(Triggers.registerEx(client, b.chancy, { table: 'mine', on: 'INSERT', job })).rejects.toThrow(
      'table: mine is temporary',
    );
    await expect(
      Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job: { func: '' } as Job }),
    ).rejects.toThrow(/^JOB_INVALID/);
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job: { func: 'plain' } as Job });
    expect(await Triggers.list(b.chancy)).toMatchObject([{ name: 'orders: plain' }]);
  });

  it('pass other troubles on as they are', async () => {
    const b = await orders();
    await b.sql('ALTER TABLE chancy_spoolgate_triggers ADD CHECK (notifies = false OR name <> $$x$$)');
    await expect(Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job, name: 'x' })).rejects.toMatchObject({
      code: '23514',
    });
  });
});
