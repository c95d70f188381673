import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Chancy } from '../../../src/queue/chancy.js';
import { Job } from '../../../src/queue/job.js';
import { Worker } from '../../../src/queue/worker.js';
import { TestExecutor, acts, bench, latch, queueOf } from './support/bench.js';

acts.set('noop', async () => undefined);

describe('stop', () => {
  it('[!] loses no result, twelve times out of twelve', async () => {
    const b = await bench({ queue: { concurrency: 8 } });
    const runs = new Map<string, number>();
    acts.set('brief', async ({ id }) => {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      await new Promise((resolve) => setImmediate(resolve));
    });
    for (let round = 1; round <= 12; round += 1) {
      await b.chancy.pushMany(Array.from({ length: 60 }, () => new Job({ func: 'brief', queue: 'q' })));
      const worker = await b.started();
      await b.record.count('job.claimed', b.record.of('job.claimed').length + 5);
      await worker.stop();
      expect(await b.sql("SELECT id FROM chancy_jobs WHERE state = 'running'")).toEqual([]);
      const [row] = await b.sql("SELECT count(*)::int FROM chancy_jobs WHERE state = 'succeeded'");
      expect(row).toEqual({ count: runs.size });
    }
    expect(new Set(runs.values())).toEqual(new Set([1]));
    expect(await b.sql('SELECT * FROM chancy_workers')).toEqual([]);
  });

  it('claims nothing more, waits for what runs, and keeps announcing the worker meanwhile', async () => {
    const b = await bench({ queue: { concurrency: 2 } });
    const { opened, open } = latch();
    acts.set('hold', () => opened);
    const held = await b.chancy.push('q', new Job({ func: 'hold' }));
    const worker = await b.started({ heartbeatIntervalMs: 30, shutdownTimeoutMs: 60_000 });
    await b.record.until('job.claimed');
    let hasStopped = false;
    const stopped = worker.stop().then(() => {
      hasStopped = true;
    });
    expect(worker.stop()).toBe(worker.stop());
    const waiting = await b.chancy.push('q', new Job({ func: 'noop' }));
    await worker.hub.waitFor('worker.announced');
    await worker.hub.waitFor('worker.announced');
    expect(hasStopped).toBe(false);
    open();
    await stopped;
    expect(await b.state(held.identifier)).toBe('succeeded');
    expect(await b.state(waiting.identifier)).toBe('pending');
    expect(b.record.of('worker.shutdown_timeout')).toEqual([]);
    expect(b.record.of('worker.stopped')).toHaveLength(1);
  });

  it('ends what still runs when its time is up: first the executor may give it back, then it is cancelled, then it is left', async () => {
    class Polite extends TestExecutor {
      override async stop(): Promise<void> {
        for (const release of releases) await release();
      }
    }
    const releases: (() => Promise<unknown>)[] = [];
    const b = await bench({ queue: { executor: Polite, concurrency: 3 } });
    const never = latch();
    acts.set('given back', async (job, executor) => {
      const end = latch();
      releases.push(async () => {
        await executor.queue.release(job);
        end.open();
      });
      await end.opened;
      return 'silent';
    });
    acts.set('cancelled', async (job, executor) => {
      await executor.cancelled(job);
      throw new Error('cancelled');
    });
    acts.set('deaf', () => never.opened);
    const [back, cancelled, deaf] = await b.chancy.pushMany(
      ['given back', 'cancelled', 'deaf'].map((func) => new Job({ func, queue: 'q', maxAttempts: 2 })),
    );
    const worker = await b.started({ shutdownTimeoutMs: 20, cancelTimeoutMs: 200 });
    await b.record.count('job.claimed', 3);
    await worker.stop();
    expect(b.record.of('worker.shutdown_timeout')[0]?.jobs.toSorted()).toEqual(
      [back, cancelled, deaf].map((ref) => String(ref?.identifier)).toSorted(),
    );
    expect(await b.sql('SELECT func, state, attempts FROM chancy_jobs ORDER BY func')).toEqual([
      { func: 'cancelled', state: 'retrying', attempts: 1 },
      { func: 'deaf', state: 'running', attempts: 0 },
      { func: 'given back', state: 'pending', attempts: 0 },
    ]);
    // Recovery finds it at once, and the late end is refused.
    expect(await b.sql('SELECT * FROM chancy_workers')).toEqual([]);
    never.open();
    await b.record.until('job.result_refused', ({ jobId }) => jobId === deaf?.identifier);
    expect(await b.state(deaf!.identifier)).toBe('running');
  });

  it('gives back what a claim under way brings', async () => {
    const b = await bench();
    const worker = await b.started();
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    const client = await b.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE chancy_jobs IN EXCLUSIVE MODE');
    await client.query("INSERT INTO chancy_jobs (id, queue, func) VALUES (gen_random_uuid(), 'q', 'late')");
    await b.sql(`SELECT pg_notify('chancy_events', '{"t": "queue.pushed", "q": "q"}')`);
    const waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'chancy_jobs'::regclass";
    await expect.poll(() => b.sql(waiting)).not.toEqual([]);
    const stopped = worker.stop();
    await client.query('COMMIT');
    await stopped;
    expect(b.record.of('job.claimed')).toHaveLength(1);
    expect(await b.sql("SELECT state, attempts, taken_by FROM chancy_jobs WHERE func = 'late'")).toEqual([
      { state: 'pending', attempts: 0, taken_by: null },
    ]);
  });

  it('is not held up by an executor whose stop throws or never ends', async () => {
    class Throwing extends TestExecutor {
      override async stop(): Promise<void> {
        throw new Error('cannot stop');
      }
    }
    class Endless extends TestExecutor {
      override stop(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const b = await bench({ queue: { executor: Throwing } });
    const chancy = new Chancy({
      dsn: b.url,
      queues: [queueOf({ executor: Throwing }), queueOf({ name: 'e', executor: Endless })],
    });
    onTestFinished(() => chancy.close());
    const worker = new Worker(chancy, { events: b.record.bus, cancelTimeoutMs: 50 });
    await worker.start();
    await b.record.count('worker.queue.started', 2);
    await worker.stop();
    expect(b.record.of('worker.error')).toMatchObject([{ error: 'cannot stop' }]);
    expect(await b.sql('SELECT * FROM chancy_workers')).toEqual([]);
  });

  it('is harmless before start, and ends a start that fails without a trace', async () => {
    const b = await bench();
    await b.worker().stop();
    await b.worker().forceStop();
    await b.sql('DROP TABLE chancy_queues');
    const worker = b.worker();
    await expect(worker.start()).rejects.toThrow('chancy_queues');
    expect(await b.sql('SELECT * FROM chancy_workers')).toEqual([]);
    await worker.stop();
    expect(b.record.of('worker.stopped')).toEqual([]);
  });
});

it('a start that fails once queues are served ends them again', async () => {
  let stops = 0;
  class Counting extends TestExecutor {
    override async stop(): Promise<void> {
      stops += 1;
    }
  }
  const b = await bench({ queue: { executor: Counting } });
  await b.chancy.declare(queueOf({ name: 'paused', state: 'paused', resumeAt: new Date(0) }));
  await b.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not this one''; END'`);
  await b.sql(
    'CREATE TRIGGER refuse BEFORE UPDATE OF resume_at ON chancy_queues FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const worker = b.worker();
  await expect(worker.start()).rejects.toThrow('not this one');
  await expect.poll(() => stops).toBe(1);
  await b.chancy.push('q', new Job({ func: 'noop' }));
  await worker.stop();
  expect(b.record.of('job.claimed')).toEqual([]);
  expect(await b.sql('SELECT * FROM chancy_workers')).toEqual([]);
});

describe('signals', () => {
  it('drain at the first, force at the second, and are let go of', async () => {
    const b = await bench();
    const never = latch();
    acts.set('hold', () => never.opened);
    const { identifier } = await b.chancy.push('q', new Job({ func: 'hold' }));
    const worker = await b.started({ shutdownTimeoutMs: 1_000_000 });
    const source = new EventEmitter();
    const off = worker.handleSignals(source);
    await b.record.until('job.claimed');
    source.emit('SIGTERM');
    await b.chancy.push('q', new Job({ func: 'noop' }));
    source.emit('SIGINT');
    await b.record.until('worker.stopped');
    expect(await b.state(identifier)).toBe('running');
    expect(await b.sql('SELECT * FROM chancy_workers')).toEqual([]);
    off();
    expect(source.listenerCount('SIGTERM') + source.listenerCount('SIGINT')).toBe(0);
    never.open();
  });
});
