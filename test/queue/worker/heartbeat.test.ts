import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { Chancy } from '../../../src/queue/chancy.js';
import { Job } from '../../../src/queue/job.js';
import { Worker } from '../../../src/queue/worker.js';
import { acts, bench, latch } from './support/bench.js';

describe('the worker’s row', () => {
  it('[!] is there before the queues are, has tags and queues, is renewed, and goes at a clean stop; the leader’s is never touched', async () => {
    const b = await bench();
    await b.sql(
      "INSERT INTO chancy_workers (worker_id, expires_at) VALUES ('dead', now() - interval '1 s'), ('living', now() + interval '1 h')",
    );
    await b.sql("INSERT INTO chancy_leader (worker_id, expires_at) VALUES ('dead', now() - interval '1 h')");
    const leader = await b.sql('SELECT * FROM chancy_leader');
    const worker = await b.started({
      workerId: 'w-1',
      tags: ['has=gpu'],
      heartbeatIntervalMs: 30,
      heartbeatTimeoutMs: 40_000,
    });
    await expect
      .poll(() => b.sql("SELECT queues FROM chancy_workers WHERE worker_id = 'w-1'"))
      .toEqual([{ queues: ['q'] }]);
    const [row] = await b.sql<{ tags: string[] }>(
      `SELECT tags, queues, expires_at - last_seen = interval '40 s' AS lease FROM chancy_workers WHERE worker_id = 'w-1'`,
    );
    expect(row).toEqual({ tags: worker.tags, queues: ['q'], lease: true });
    expect(row?.tags).toContain('runtime=node');
    expect(row?.tags.some((tag) => tag.startsWith('python='))).toBe(false);
    expect(await worker.hub.waitFor('worker.announced')).toEqual({ worker_id: 'w-1' });
    expect(await b.chancy.getAllWorkers()).toHaveLength(2);
    await worker.stop();
    expect(await b.sql('SELECT worker_id FROM chancy_workers')).toEqual([{ worker_id: 'living' }]);
    expect(await b.sql('SELECT * FROM chancy_leader')).toEqual(leader);
  });

  it('comes back by itself when it was lost', async () => {
    const b = await bench();
    const worker = await b.started({ heartbeatIntervalMs: 30 });
    await b.sql('TRUNCATE chancy_workers');
    await expect.poll(() => b.sql('SELECT worker_id FROM chancy_workers')).toEqual([{ worker_id: worker.workerId }]);
  });

  it('is tried again after an error, which is said once', async () => {
    const b = await bench();
    const worker = await b.started({ heartbeatIntervalMs: 20 });
    await b.sql('ALTER TABLE chancy_workers RENAME TO away');
    await b.record.until('worker.error', ({ doing }) => doing === 'the heartbeat');
    await b.sql('ALTER TABLE away RENAME TO chancy_workers');
    await worker.hub.waitFor('worker.announced');
    expect(b.record.of('worker.error')).toHaveLength(1);
  });
});

describe('starting', () => {
  it('needs an up-to-date database', async () => {
    const b = await bench();
    await b.sql("UPDATE chancy_schema_version SET version = 5 WHERE version_of = 'chancy'");
    await expect(b.worker().start()).rejects.toMatchObject({ code: 'MIGRATIONS_NEEDED' });
  });

  it('needs a database', async () => {
    const chancy = new Chancy({ dsn: 'postgresql://nobody@127.0.0.1:1/none' });
    const error: unknown = await new Worker(chancy).start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SpoolgateError);
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await chancy.close();
  });

  it.each([
    { workerId: '' },
    { tags: ['a\0'] },
    { heartbeatIntervalMs: 0 },
    { heartbeatIntervalMs: 100, heartbeatTimeoutMs: 100 },
    { unknown: 1 },
  ])('refuses the options %j', async (options) => {
    const chancy = new Chancy({ dsn: 'postgresql://nobody@127.0.0.1:1/none' });
    expect(() => new Worker(chancy, options as object)).toThrow(/^APP_INVALID: .*worker/);
    await chancy.close();
  });

  it('puts what a dead process of the same id left behind back in line, as recovery would', async () => {
    const b = await bench();
    acts.set('noop', async () => undefined);
    await b.chancy.pushMany([
      new Job({ func: 'noop', queue: 'q' }),
      new Job({ func: 'noop', queue: 'other' }),
      new Job({ func: 'noop', queue: 'q' }),
    ]);
    await b.sql("UPDATE chancy_jobs SET state = 'running', taken_by = 'w-1', started_at = now()");
    await b.sql("UPDATE chancy_jobs SET taken_by = 'w-2' WHERE id = (SELECT max(id::text)::uuid FROM chancy_jobs)");
    await b.started({ workerId: 'w-1' });
    await b.record.until('job.finished');
    expect(b.record.of('worker.jobs_requeued')).toMatchObject([{ workerId: 'w-1', jobs: { length: 2 } }]);
    expect(await b.sql('SELECT state, attempts, max_attempts, taken_by FROM chancy_jobs ORDER BY id')).toEqual([
      { state: 'succeeded', attempts: 1, max_attempts: 2, taken_by: 'w-1' },
      { state: 'pending', attempts: 0, max_attempts: 2, taken_by: null },
      { state: 'running', attempts: 0, max_attempts: 1, taken_by: 'w-2' },
    ]);
  });

  it('looks after its running jobs without disturbing them', async () => {
    const b = await bench();
    const { opened, open } = latch();
    acts.set('hold', () => opened);
    const { identifier } = await b.chancy.push('q', new Job({ func: 'hold' }));
    const worker = await b.started({ ownershipPollMs: 10, heartbeatIntervalMs: 20 });
    await b.record.until('job.claimed');
    for (let beats = 0; beats < 4; beats += 1) await worker.hub.waitFor('worker.announced');
    expect(await b.state(identifier)).toBe('running');
    open();
    await b.record.until('job.finished');
    expect(b.record.of('job.cancel_requested')).toEqual([]);
  });
});
