import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { acts, bench } from './support/bench.js';

acts.set('noop', async () => undefined);

const claimed = (b: Awaited<ReturnType<typeof bench>>): readonly string[] =>
  b.record.of('job.claimed').map(({ func }) => func);

describe('a claim', () => {
  it('[!] goes by priority, then by id, whatever created_at says; NULL priority first', async () => {
    const b = await bench({ queue: { concurrency: 1 } });
    for (const func of ['low', 'one', 'two', 'high', 'null']) acts.set(func, async () => undefined);
    await b.chancy.pushMany([
      new Job({ func: 'low', queue: 'q', priority: -1 }),
      new Job({ func: 'one', queue: 'q' }),
      new Job({ func: 'two', queue: 'q' }),
      new Job({ func: 'high', queue: 'q', priority: 7 }),
      new Job({ func: 'null', queue: 'q' }),
    ]);
    await b.sql("UPDATE chancy_jobs SET priority = NULL WHERE func = 'null'");
    await b.sql("UPDATE chancy_jobs SET created_at = now() - interval '1 day' WHERE func = 'two'");
    await b.started();
    await b.record.count('job.finished', 5);
    expect(claimed(b)).toEqual(['null', 'high', 'one', 'two', 'low']);
  });

  it('starts the jobs of one fetch in the same order', async () => {
    const b = await bench({ queue: { concurrency: 100 } });
    const funcs = Array.from({ length: 60 }, (_, index) => `f${index}`);
    for (const func of funcs) acts.set(func, async () => undefined);
    await b.chancy.pushMany(funcs.map((func, index) => new Job({ func, queue: 'q', priority: -(index % 3) })));
    await b.started();
    await b.record.count('job.finished', 60);
    const expected = [0, 1, 2].flatMap((rest) => funcs.filter((_, index) => index % 3 === rest));
    expect(claimed(b)).toEqual(expected);
  });

  it('[!] changes state, started_at and taken_by only, and taken_by is a live worker with tags and queues', async () => {
    const b = await bench();
    let seen: Record<string, unknown> | undefined;
    acts.set('look', async (job) => {
      [seen] = await b.sql(
        `SELECT j.state, j.attempts, j.completed_at::text, j.scheduled_at::text, j.started_at IS NOT NULL AS started, w.worker_id,
           w.tags IS NOT NULL AND w.queues IS NOT NULL AS announced, w.expires_at > now() AS alive
         FROM chancy_jobs j JOIN chancy_workers w ON w.worker_id = j.taken_by WHERE j.id = $1`,
        [job.id],
      );
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'look', maxAttempts: 2 }));
    await b.sql(
      "UPDATE chancy_jobs SET scheduled_at = '2026-01-01 00:00:00.123456+00', completed_at = '2026-01-01 01:00:00+00', state = 'retrying', attempts = 1",
    );
    const [before] = await b.sql<{ scheduled_at: string; completed_at: string }>(
      'SELECT scheduled_at::text, completed_at::text FROM chancy_jobs WHERE id = $1',
      [identifier],
    );
    const worker = await b.started();
    await b.record.until('job.finished');
    expect(seen).toEqual({
      ...before,
      state: 'running',
      attempts: 1,
      started: true,
      worker_id: worker.workerId,
      announced: true,
      alive: true,
    });
    // The end leaves the microseconds alone as well.
    const after = await b.sql(
      'SELECT scheduled_at::text AS due, extract(microseconds FROM started_at)::int % 1000 AS micro, taken_by FROM chancy_jobs',
    );
    expect(after).toMatchObject([{ due: before?.scheduled_at, taken_by: worker.workerId }]);
  });

  it('takes nothing that is not due, has no attempts left or NULL attempts, or is of another state or queue', async () => {
    const b = await bench();
    const refs = await b.chancy.pushMany(
      ['future', 'spent', 'null', 'failed', 'other', 'good'].map((func) => new Job({ func, queue: 'q' })),
    );
    acts.set('good', async () => undefined);
    await b.sql("UPDATE chancy_jobs SET scheduled_at = now() + interval '1 hour' WHERE func = 'future'");
    await b.sql("UPDATE chancy_jobs SET attempts = max_attempts WHERE func = 'spent'");
    await b.sql("UPDATE chancy_jobs SET attempts = NULL WHERE func = 'null'");
    await b.sql("UPDATE chancy_jobs SET state = 'failed' WHERE func = 'failed'");
    await b.sql("UPDATE chancy_jobs SET queue = 'elsewhere' WHERE func = 'other'");
    const worker = await b.started();
    await b.record.until('job.finished');
    await worker.stop();
    expect(refs).toHaveLength(6);
    expect(claimed(b)).toEqual(['good']);
  });

  it('says how long the job had waited', async () => {
    const b = await bench();
    await b.chancy.push('q', new Job({ func: 'noop', scheduledAt: new Date(Date.now() - 60_000) }));
    await b.started();
    const { waitedMs } = await b.record.until('job.claimed');
    expect(waitedMs).toBeGreaterThan(59_000);
    expect(waitedMs).toBeLessThan(120_000);
  });

  it('starts a job of the future when it is due, without polling', async () => {
    const b = await bench();
    await b.started();
    await b.chancy.push('q', new Job({ func: 'noop', scheduledAt: new Date(Date.now() + 700) }));
    const { waitedMs } = await b.record.until('job.claimed');
    expect(waitedMs).toBeLessThan(10_000);
    const [row] = await b.sql<{ early: boolean }>('SELECT started_at < scheduled_at AS early FROM chancy_jobs');
    expect(row?.early).toBe(false);
  });

  it('finds jobs by polling when nobody notifies', async () => {
    const b = await bench({ queue: { pollingInterval: 1 }, notifications: false });
    await b.started();
    await b.record.until('worker.queue.started');
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
  });

  it('serves a queue whose polling_interval is NULL by notification', async () => {
    const b = await bench();
    await b.chancy.declare(b.chancy.queues[0]!);
    await b.sql('UPDATE chancy_queues SET polling_interval = NULL');
    await b.started();
    await b.record.until('worker.queue.started');
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
  });

  it('is made by one worker only: 1000 jobs, two workers, each job once', async () => {
    const b = await bench({ queue: { concurrency: 7 } });
    const runs = new Map<string, number>();
    acts.set('count', async ({ id }) => {
      runs.set(id, (runs.get(id) ?? 0) + 1);
    });
    const workers = await Promise.all([b.started({ workerId: 'a' }), b.started({ workerId: 'b' })]);
    const refs = await b.chancy.pushMany(Array.from({ length: 1000 }, () => new Job({ func: 'count', queue: 'q' })));
    await b.record.count('job.finished', 1000);
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(runs.size).toBe(refs.length);
    expect(new Set(runs.values())).toEqual(new Set([1]));
    const shares = await b.sql<{ taken_by: string }>(
      "SELECT DISTINCT taken_by FROM chancy_jobs WHERE state = 'succeeded'",
    );
    expect(shares).toHaveLength(2);
    expect(b.record.of('job.result_refused')).toEqual([]);
  });

  it('walks the index in order, however long the backlog and old the statistics', async () => {
    const b = await bench();
    const plan = async (): Promise<string> => {
      const rows = await b.sql<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT id FROM chancy_jobs
         WHERE queue = 'q' AND state IN ('pending', 'retrying') AND attempts < max_attempts AND scheduled_at <= now()
         ORDER BY priority DESC, id LIMIT 5 FOR UPDATE SKIP LOCKED`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    await b.sql(
      `INSERT INTO chancy_jobs (id, queue, func) SELECT gen_random_uuid(), 'q', 'noop' FROM generate_series(1, 20000)`,
    );
    for (const step of ['SELECT 1', 'ANALYZE chancy_jobs']) {
      await b.sql(step);
      expect(await plan()).toContain('spoolgate_jobs_fetch');
      expect(await plan()).not.toContain('Sort');
    }
  });
});
