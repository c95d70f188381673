import { describe, expect, it } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { Metrics } from '../../../../src/queue/plugins/metrics/metrics.js';
import type { MetricValue } from '../../../../src/queue/plugins/metrics/metric-value.js';
import { lockOwnMetrics } from '../../../../src/queue/sql/metrics.js';
import { Plugin } from '../../../../src/queue/plugin.js';
import { fakeWorker } from '../../../contracts/plugin-conformance.js';
import { type Bench, acts, bench } from '../../worker/support/bench.js';
import { Appointed } from '../appointed-leader.js';

const q = (func: string): Job => new Job({ func, queue: 'q' });

/** Names and newest values. */
const newest = async (b: Bench, prefix: string, options = {}): Promise<Record<string, MetricValue | undefined>> => {
  const metrics = await Metrics.getMetrics(b.chancy, prefix, options);
  return Object.fromEntries([...metrics].map(([key, { points }]) => [key, points[0]?.value]));
};

const countJobs = async (b: Bench, workerId: string, jobs: number): Promise<void> => {
  acts.set('count', async () => undefined);
  await b.chancy.pushMany(Array.from({ length: jobs }, () => q('count')));
  const finished = b.record.of('job.finished').length + jobs;
  const worker = await b.started({ workerId });
  await b.record.count('job.finished', finished);
  await worker.stop();
};

describe('metrics of jobs', () => {
  it('are stored in the layout of Chancy when the worker stops', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    acts.set('good', async () => undefined);
    acts.set('bad', async () => {
      throw new Error('boom');
    });
    const bad = q('bad').withMaxAttempts(2);
    await b.chancy.pushMany([q('good'), bad]);
    const worker = await b.started({ workerId: 'w1' });
    await b.record.count('job.finished', 3);
    await worker.stop();
    const histogram = { count: 1, sum: expect.any(Number), avg: expect.any(Number), min: expect.any(Number) };
    expect(await newest(b, '', { resolution: '1day', workerId: 'w1' })).toMatchObject({
      'job:good:execution_time': histogram,
      'job:good:succeeded': 1,
      'job:bad:retrying': 1,
      'job:bad:failed': 1,
      'global:status:succeeded': 1,
      'global:status:retrying': 1,
      'global:status:failed': 1,
      'queue:q:execution_time': { ...histogram, count: 2 },
      'queue:q:throughput': 3,
      'queue:q:succeeded': 1,
      'queue:q:retrying': 1,
      'queue:q:failed': 1,
    });
    const rows = await b.sql(
      `SELECT resolution, metric_type, timestamps = ARRAY[date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'] AS today,
         values, updated_at <= now() AS stored
       FROM chancy_metrics WHERE metric_key = 'queue:q:throughput' AND worker_id = 'w1' AND resolution = '1day'`,
    );
    expect(rows).toEqual([{ resolution: '1day', metric_type: 'counter', today: true, values: [3], stored: true }]);
    expect(
      await b.sql("SELECT resolution FROM chancy_metrics WHERE metric_key = 'queue:q:throughput' ORDER BY resolution"),
    ).toEqual([{ resolution: '1day' }, { resolution: '1hour' }, { resolution: '1min' }, { resolution: '5min' }]);
  });

  it('are stored now and then while the worker runs', async () => {
    const b = await bench({ plugins: [new Metrics({ flushIntervalMs: 10 })] });
    acts.set('good', async () => undefined);
    await b.chancy.push(q('good'));
    await b.started();
    await expect.poll(() => newest(b, 'job:good:succeeded')).toEqual({ 'job:good:succeeded': 1 });
  });

  it('are passed over, with an event, where the name does not fit Chancy (section 12)', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    const func = 'f'.repeat(245);
    acts.set(func, async () => undefined);
    await b.sql(`INSERT INTO chancy_jobs (id, queue, func) VALUES (gen_random_uuid(), 'q', $1)`, [func]);
    const worker = await b.started();
    await b.record.count('job.finished', 1);
    await worker.stop();
    expect(b.record.of('metrics.skipped').map(({ metric, reason }) => [metric, reason])).toEqual([
      [`job:${func}:execution_time`.slice(0, 255), 'its name is longer than 255 characters'],
      [`job:${func}:succeeded`.slice(0, 255), 'its name is longer than 255 characters'],
    ]);
    expect(await newest(b, 'queue:q:succeeded')).toEqual({ 'queue:q:succeeded': 1 });
    expect(b.record.of('worker.error')).toEqual([]);
  });

  it('are not kept by a worker whose id does not fit', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await countJobs(b, 'w'.repeat(256), 1);
    expect(b.record.of('metrics.skipped')).toMatchObject([{ metric: '*' }]);
    expect(await Metrics.getMetricKeys(b.chancy)).toEqual([]);
  });

  it('of the clock of the database are never negative', async () => {
    const b = await bench({ plugins: [] });
    const plugin = new Metrics();
    const worker = fakeWorker(b);
    const [job] = await b.chancy.getJobs([await b.chancy.push(q('skewed'))]);
    await plugin.onJobUpdated(worker, {
      ...job!,
      state: 'succeeded',
      startedAt: new Date(5000),
      completedAt: new Date(4000),
    });
    await plugin.onJobUpdated(worker, { ...job!, state: 'retrying', startedAt: new Date(5000), completedAt: null });
    const other = await bench({ url: b.url, plugins: [plugin] });
    const ended = new AbortController();
    ended.abort();
    await plugin.run(worker, other.chancy, ended.signal);
    expect(await newest(other, 'job:skewed')).toEqual({
      'job:skewed:execution_time': { count: 1, sum: 0, avg: 0, min: 0, max: 0 },
      'job:skewed:retrying': 1,
      'job:skewed:succeeded': 1,
    });
  });
});

describe('W20: the table of metrics', () => {
  it('keeps what a worker of the same id counted before its restart', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await countJobs(b, 'fixed', 3);
    const again = await bench({ url: b.url, plugins: [new Metrics()] });
    await countJobs(again, 'fixed', 4);
    expect(await newest(b, 'job:count:succeeded', { resolution: '1day' })).toEqual({ 'job:count:succeeded': 7 });
    expect(await newest(b, 'job:count:exec', { resolution: '1day' })).toMatchObject({
      'job:count:execution_time': { count: 7 },
    });
    expect(await b.sql('SELECT DISTINCT worker_id FROM chancy_metrics')).toEqual([{ worker_id: 'fixed' }]);
  });

  it('is not read by a worker, but for the rows that it adds to', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await b.sql(
      `INSERT INTO chancy_metrics (metric_key, resolution, worker_id, timestamps, values, metric_type)
       SELECT 'job:f' || n || ':succeeded', '1min', 'python', ARRAY[now()], ARRAY['1'::jsonb], 'counter'
       FROM generate_series(1, 5000) AS n`,
    );
    await b.sql('ANALYZE chancy_metrics');
    await countJobs(b, 'w', 1);
    const client = await b.connect();
    await client.query(`PREPARE own AS ${lockOwnMetrics(b.chancy.tables).text}`);
    const { rows } = await client.query("EXPLAIN EXECUTE own('w', '{a,b,c}')");
    expect(JSON.stringify(rows)).toContain('chancy_metrics_pkey');
    expect(JSON.stringify(rows)).not.toContain('Seq Scan');
    expect(await b.sql("SELECT count(*)::int AS n FROM chancy_metrics WHERE worker_id = 'python'")).toEqual([
      { n: 5000 },
    ]);
  });
});

describe('metrics of several workers', () => {
  it('are added up when somebody asks, with those of Python', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await countJobs(b, 'node', 2);
    await b.sql(
      `INSERT INTO chancy_metrics (metric_key, resolution, worker_id, timestamps, values, metric_type)
       SELECT metric_key, resolution, 'python', timestamps || ARRAY[timestamps[1] - interval '1 day'],
         values || values, metric_type
       FROM chancy_metrics`,
    );
    const all = await Metrics.getMetrics(b.chancy, 'job:count:', { resolution: '1day' });
    expect([...all.keys()]).toEqual(['job:count:execution_time', 'job:count:succeeded']);
    expect(all.get('job:count:succeeded')).toMatchObject({ type: 'counter', points: [{ value: 4 }, { value: 2 }] });
    const [today, before] = all.get('job:count:succeeded')!.points;
    expect(today!.timestamp.getTime() - before!.timestamp.getTime()).toBe(86_400_000);
    expect(all.get('job:count:execution_time')!.points[0]!.value).toMatchObject({ count: 4 });
    expect(await newest(b, 'job:count:succ', { resolution: '1day', workerId: 'node' })).toEqual({
      'job:count:succeeded': 2,
    });
  });

  it('are readable whatever another program wrote', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await b.sql(
      `INSERT INTO chancy_metrics (metric_key, resolution, worker_id, timestamps, values, metric_type, updated_at) VALUES
         ('a', '5min', '1', ARRAY[now(), 'infinity', now() - interval '1 h'], ARRAY['{"x":1}', '2', '3']::jsonb[], 'counter', now()),
         ('a', '5min', '2', ARRAY[now()], ARRAY['2']::jsonb[], 'gauge', now() + interval '1 s'),
         ('b', '5min', '1', ARRAY[now()], ARRAY['2']::jsonb[], 'odd', now()),
         ('c', '5min', '1', '{}', '{}', 'gauge', now()),
         ('d', '5min', '1', ARRAY['2026-01-01Z'::timestamptz], ARRAY['1']::jsonb[], 'gauge', now()),
         ('d', '5min', '2', ARRAY['2026-01-01Z'::timestamptz], ARRAY['2']::jsonb[], 'gauge', now() - interval '1 h')`,
    );
    expect(await newest(b, '')).toEqual({ a: 3, c: undefined, d: 1 });
    expect(await Metrics.getMetricKeys(b.chancy)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are asked for by a resolution that there is', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await expect(Metrics.getMetrics(b.chancy, '', { resolution: '2min' as never })).rejects.toThrow(
      /^APP_INVALID.*getMetrics: resolution/,
    );
  });
});

describe("a user's own metrics", () => {
  it('go the same way', async () => {
    const plugin = new Metrics();
    const b = await bench({ plugins: [plugin] });
    plugin.increment('shop:orders', 2);
    plugin.increment('shop:orders');
    plugin.gauge('shop:stock', 7);
    plugin.histogram('shop:price', 9.5);
    const worker = await b.started();
    await worker.stop();
    expect(await newest(b, 'shop:')).toEqual({
      'shop:orders': 3,
      'shop:price': { count: 1, sum: 9.5, avg: 9.5, min: 9.5, max: 9.5 },
      'shop:stock': 7,
    });
  });

  it('keep the type that they have in the table', async () => {
    const plugin = new Metrics();
    const b = await bench({ plugins: [plugin] });
    plugin.gauge('x', 1);
    const first = await b.started({ workerId: 'w' });
    await first.stop();
    plugin.increment('x');
    const second = await b.started({ workerId: 'w' });
    await second.stop();
    expect(b.record.of('metrics.skipped')).toEqual([
      { workerId: 'w', metric: 'x', reason: 'it is a gauge, not a counter' },
    ]);
    expect(await newest(b, 'x')).toEqual({ x: 1 });
  });
});

describe('metrics of tables', () => {
  it('are taken by the leader, by the names without the prefix', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    const worker = await b.started();
    await worker.stop();
    const sizes = await newest(b, 'table:');
    const tables = ['jobs', 'leader', 'metrics', 'queue_rate_limits', 'queues', 'workers'];
    const kinds = ['index_size_bytes', 'table_size_bytes', 'total_size_bytes'];
    expect(Object.keys(sizes)).toEqual(tables.flatMap((table) => kinds.map((kind) => `table:${table}:${kind}`)));
    expect((sizes['table:jobs:total_size_bytes'] as { min: number }).min).toBeGreaterThan(8000);
  });

  it('are not taken by others', async () => {
    const election = new Appointed();
    const b = await bench({ plugins: [election, new Metrics()] });
    const worker = await b.started();
    await expect.poll(() => election.asked).toBeGreaterThan(0);
    await worker.stop();
    expect(await newest(b, 'table:')).toEqual({});
  });

  it('are those of other plugins too, by their own names where they have no prefix', async () => {
    class Shop extends Plugin {
      readonly identifier = 'test.shop';
      override tables(): readonly string[] {
        return ['"shop"', '"nowhere"'];
      }
    }
    const b = await bench({ plugins: [new Shop(), new Metrics()] });
    await b.sql('CREATE TABLE shop (id int)');
    const worker = await b.started();
    await worker.stop();
    expect(Object.keys(await newest(b, 'table:shop:'))).toHaveLength(3);
    expect(await newest(b, 'table:nowhere:')).toEqual({});
  });
});

describe('old metrics', () => {
  it('are deleted after 90 days, or as told', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await b.sql(
      `INSERT INTO chancy_metrics (metric_key, resolution, worker_id, timestamps, values, metric_type, updated_at)
       SELECT 'a', '5min', days, '{}', '{}', 'gauge', now() - days * interval '1 day' FROM unnest('{1,89,91}'::int[]) AS days`,
    );
    expect(await new Metrics().cleanup(b.chancy)).toBe(1);
    expect(await new Metrics({ keepMs: 2 * 86_400_000 }).cleanup(b.chancy)).toBe(1);
    expect(() => new Metrics({ flushIntervalMs: 0 })).toThrow(/^APP_INVALID.*chancy\.metrics: flushIntervalMs/);
  });
});
