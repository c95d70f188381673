import { describe, expect, it } from 'vitest';
import { Chancy } from '../../../../src/queue/chancy.js';
import { Job } from '../../../../src/queue/job.js';
import { Triggers } from '../../../../src/queue/plugins/triggers/triggers.js';
import { acts } from '../../worker/support/bench.js';
import { job, orders, pushed } from './orders.js';

const change = (operation: string, old: unknown, fresh: unknown): object => ({
  origin: 'shop',
  schema: 'public',
  table: 'orders',
  operation,
  old,
  new: fresh,
});

describe('a trigger', () => {
  it('pushes a job for each row, with the row before and after', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: ['INSERT', 'UPDATE', 'DELETE'], job });
    await b.sql("INSERT INTO orders VALUES (1, 'new')");
    await b.sql("UPDATE orders SET state = 'paid'");
    await b.sql('DELETE FROM orders');
    const jobs = await pushed(b);
    const fresh = { id: 1, state: 'new', note: null };
    const paid = { ...fresh, state: 'paid' };
    expect(jobs.map(({ kwargs }) => kwargs)).toEqual([
      change('INSERT', null, fresh),
      change('UPDATE', fresh, paid),
      change('DELETE', paid, null),
    ]);
    expect(jobs[0]).toMatchObject({
      func: 'changed',
      queue: 'q',
      state: 'pending',
      priority: 2,
      max_attempts: 3,
      attempts: 0,
      limits: [],
      meta: {},
      errors: [],
      unique_key: null,
    });
    expect((await b.sql('SELECT 1 FROM chancy_jobs WHERE scheduled_at <= now()')).length).toBe(3);
  });

  it('wakes the worker of its queue at once', async () => {
    const b = await orders();
    const seen: unknown[] = [];
    acts.set('changed', async ({ kwargs }) => void seen.push(kwargs['new']));
    await b.started();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await b.sql("INSERT INTO orders VALUES (1, 'new')");
    await b.record.count('job.finished', 1);
    expect(seen).toEqual([{ id: 1, state: 'new', note: null }]);
  });

  it('tells nobody where the app does not', async () => {
    const b = await orders({ notifications: false });
    const client = await b.connect();
    const heard: unknown[] = [];
    client.on('notification', ({ payload }) => heard.push(payload));
    await client.query('LISTEN chancy_events');
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await client.query('INSERT INTO orders VALUES (1)');
    await client.query('SELECT 1');
    expect(heard).toEqual([]);
    expect(await pushed(b)).toHaveLength(1);
  });

  it('belongs to the transaction of the change', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    const client = await b.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO orders VALUES (1)');
    await client.query('ROLLBACK');
    expect(await pushed(b)).toEqual([]);
  });

  it('makes ids in the layout of Chancy that rise with the rows, and are as old as they look', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    const before = await b.chancy.push('q', new Job({ func: 'before' }));
    const client = await b.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO orders SELECT n FROM generate_series(1, 500) AS n');
    await client.query('INSERT INTO orders SELECT n FROM generate_series(501, 1000) AS n');
    await client.query('COMMIT');
    const jobs = await pushed(b);
    expect(jobs.slice(1).map(({ kwargs }) => (kwargs as { new: { id: number } }).new.id)).toEqual(
      Array.from({ length: 1000 }, (_, n) => n + 1),
    );
    for (const { id } of jobs)
      expect(id).toMatch(/^03[0-9a-f]{6}-[0-9a-f]{4}-[0-9a-f]{3}7-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(jobs[0]!['id']).toBe(before.identifier);
    const after = await b.chancy.push('q', new Job({ func: 'after' }));
    expect(after.identifier > String(jobs.at(-1)!['id'])).toBe(true);
    const ticks = BigInt(`0x${String(jobs[1]!['id']).replaceAll('-', '').slice(0, 15)}`);
    expect(Math.abs(Number(ticks / 10_000n) - Date.now())).toBeLessThan(60_000);
  });

  it.each(["''", "'nonsense'", "'999999999999999999'"])('is not misled by a setting of %s', async (setting) => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    const client = await b.connect();
    await client.query(`SET spoolgate.last_tick = ${setting}`);
    await client.query('INSERT INTO orders VALUES (1)');
    const [row] = await pushed(b);
    expect(String(row!['id'])).toMatch(/^03/);
  });

  it('keeps to a unique key and to a time that is still to come', async () => {
    const b = await orders();
    const later = new Date('2040-01-01T00:00:00Z');
    const rare = job
      .withUniqueKey('once')
      .withScheduledAt(later)
      .withMeta({ a: 1 })
      .withLimits([{ t: 'time', v: 5 }]);
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job: rare });
    await b.sql('INSERT INTO orders VALUES (1), (2)');
    expect(await pushed(b)).toMatchObject([
      { unique_key: 'once', scheduled_at: later, meta: { a: 1 }, limits: [{ t: 'time', v: 5 }] },
    ]);
  });

  it('hears only updates of the columns that are named', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: ['UPDATE'], columns: ['state', 'state'], job });
    await b.sql('INSERT INTO orders VALUES (1)');
    await b.sql("UPDATE orders SET note = 'x'");
    expect(await pushed(b)).toEqual([]);
    await b.sql("UPDATE orders SET state = 'x'");
    expect(await pushed(b)).toHaveLength(1);
  });

  it('works for whoever may write the table, whatever their search_path', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    const client = await b.connect();
    await client.query('SET search_path = pg_catalog');
    await client.query('INSERT INTO public.orders VALUES (1)');
    expect(await pushed(b)).toHaveLength(1);
    // pg_monitor stands for any role that has been given nothing here.
    expect(
      await b.sql(`SELECT prosecdef, proconfig, has_function_privilege('pg_monitor', oid, 'EXECUTE') AS everyones
        FROM pg_proc WHERE proname = 'chancy_spoolgate_trigger'`),
    ).toEqual([{ prosecdef: true, proconfig: ['search_path=pg_catalog, pg_temp'], everyones: false }]);
  });

  it('lets the change pass when the tables of Chancy are gone', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await b.sql('ALTER TABLE chancy_jobs RENAME TO chancy_hidden');
    await b.sql('INSERT INTO orders VALUES (1)');
    await b.sql('ALTER TABLE chancy_hidden RENAME TO chancy_jobs');
    await b.sql('DELETE FROM chancy_spoolgate_triggers');
    await b.sql('INSERT INTO orders VALUES (2)');
    expect(await pushed(b)).toEqual([]);
    expect(await b.sql('SELECT id FROM orders ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('goes with its migration, from every table', async () => {
    const b = await orders();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await b.chancy.migrate({ toVersion: 0, plugin: 'spoolgate.triggers' });
    await b.sql('INSERT INTO orders VALUES (1)');
    expect(await b.sql("SELECT 1 FROM pg_proc WHERE proname LIKE '%spoolgate%'")).toEqual([]);
    expect(await pushed(b)).toEqual([]);
  });

  it('is apart from those of another prefix on the same table', async () => {
    const b = await orders();
    await using other = new Chancy({ dsn: b.url, prefix: 'o\'ther"_', plugins: [new Triggers()] });
    await other.migrate();
    await Triggers.register(b.chancy, { table: 'orders', on: 'INSERT', job });
    await Triggers.register(other, { table: 'orders', on: 'INSERT', job: job.withFunc('other') });
    await b.sql('INSERT INTO orders VALUES (1)');
    expect((await pushed(b)).map(({ func }) => func)).toEqual(['changed']);
    expect((await other.listJobs()).map(({ func }) => func)).toEqual(['other']);
    expect(await Triggers.list(other)).toHaveLength(1);
  });
});
