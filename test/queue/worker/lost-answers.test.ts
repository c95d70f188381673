import { describe, expect, it, onTestFinished } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { createTestDatabase } from '../../support/database.js';
import { acts, bench, latch, type Bench } from './support/bench.js';
import { Link } from './support/link.js';

/** A bench whose workers reach the database through a wire that can be cut. */
const linkedBench = async (
  options: Parameters<typeof bench>[0] = {},
): Promise<{ b: Bench; link: Link; direct: Bench }> => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const link = Link.to(database.url);
  const b = await bench({ ...options, url: link.url });
  const direct = await bench({ queue: null, url: database.url });
  return { b, link, direct };
};

/** Lets the next answer to a statement with this text get lost, and the connections with it. */
const loseAnswerTo = (link: Link, text: string): Promise<void> =>
  new Promise((resolve) => {
    let isSent = false;
    link.onSent = (bytes) => {
      isSent ||= bytes.includes(text);
    };
    link.passesAnswers = () => {
      if (!isSent) return true;
      link.passesAnswers = () => true;
      link.onSent = () => undefined;
      link.cut();
      resolve();
      return false;
    };
  });

describe('an answer that is lost with its connection', () => {
  it('to a claim: the jobs are found as ours, given back and run, once', async () => {
    const { b, link, direct } = await linkedBench({ queue: { concurrency: 3 } });
    let runs = 0;
    acts.set('count', async () => {
      runs += 1;
    });
    await b.started();
    await b.record.until('worker.queue.started');
    const lost = loseAnswerTo(link, 'FOR UPDATE SKIP LOCKED');
    await direct.chancy.pushMany([1, 2, 3].map(() => new Job({ func: 'count', queue: 'q' })));
    await lost;
    await b.record.count('job.finished', 3);
    expect(runs).toBe(3);
    expect(await direct.sql('SELECT state, attempts, max_attempts FROM chancy_jobs')).toEqual(
      [1, 2, 3].map(() => ({ state: 'succeeded', attempts: 1, max_attempts: 1 })),
    );
    expect(b.record.of('worker.database_lost').length).toBe(b.record.of('worker.database_back').length);
  });

  it('to a write of results: they count as stored, as they are', async () => {
    const { b, link, direct } = await linkedBench();
    const outcomes: unknown[] = [];
    const { opened, open } = latch();
    acts.set('end', async (job, executor) => {
      await opened;
      outcomes.push(await executor.queue.pushJobUpdate({ ...job, state: 'succeeded', attempts: 1, meta: { mine: 1 } }));
      return 'silent';
    });
    const { identifier } = await direct.chancy.push('q', new Job({ func: 'end' }));
    await b.started();
    await b.record.until('job.claimed');
    const lost = loseAnswerTo(link, 'jsonb_to_recordset');
    open();
    await lost;
    await b.record.until('job.finished');
    await expect.poll(() => outcomes).toEqual(['stored']);
    expect(b.record.of('job.result_refused')).toEqual([]);
    expect(await direct.sql('SELECT id, state, attempts, meta FROM chancy_jobs')).toEqual([
      { id: identifier, state: 'succeeded', attempts: 1, meta: { mine: 1 } },
    ]);
  });

  it('never comes, as every connection is half-open: it is noticed, and all are replaced', async () => {
    const { b, link } = await linkedBench({
      queryTimeoutMs: 300,
      connectionTimeoutMs: 300,
      queue: { pollingInterval: 3600 },
    });
    acts.set('noop', async () => undefined);
    await b.started({ probeIntervalMs: 30, probeTimeoutMs: 50 });
    await b.record.until('worker.queue.started');
    let isFrozen = true;
    link.passesAnswers = () => !isFrozen;
    await b.record.until('worker.database_lost');
    isFrozen = false;
    await b.record.until('worker.database_back');
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
  });
});

describe('a connection that is refused for a while', () => {
  it('takes nothing down: the run ends meanwhile, and its result and its return are stored afterwards; said once', async () => {
    const { b, link, direct } = await linkedBench({ queue: { concurrency: 5 } });
    const { opened, open } = latch();
    const ended = latch();
    const outcomes: unknown[] = [];
    acts.set('end', async (job, executor) => {
      await opened;
      outcomes.push(await executor.queue.saveMeta({ ...job, meta: { lost: true } }));
      ended.open();
    });
    acts.set('back', async (job, executor) => {
      await opened;
      outcomes.push(await executor.queue.release(job, 3_600_000));
      return 'silent';
    });
    await direct.chancy.pushMany(['end', 'back'].map((func) => new Job({ func, queue: 'q' })));
    await b.started({ heartbeatIntervalMs: 50, ownershipPollMs: 20, queuePollMs: 50 });
    await b.record.count('job.claimed', 2);
    link.isRefusing = true;
    link.cut();
    await b.record.until('worker.database_lost');
    open();
    await ended.opened;
    expect(outcomes).toEqual(['dropped']);
    link.isRefusing = false;
    await b.record.until('worker.database_back');
    await b.record.until('job.finished');
    await expect.poll(() => outcomes).toEqual(['dropped', 'stored']);
    expect(await direct.sql('SELECT func, state, attempts, meta FROM chancy_jobs ORDER BY func')).toEqual([
      { func: 'back', state: 'pending', attempts: 0, meta: {} },
      { func: 'end', state: 'succeeded', attempts: 1, meta: {} },
    ]);
    expect(b.record.of('worker.database_lost')).toHaveLength(1);
    expect(b.record.of('worker.database_back')).toHaveLength(1);
    expect(b.record.of('worker.error')).toEqual([]);
    expect(b.record.of('job.cancel_requested')).toEqual([]);
  });

  it('holds up a stop until the results are stored, and a forced one not at all', async () => {
    const { b, link, direct } = await linkedBench();
    const { opened, open } = latch();
    acts.set('end', () => opened);
    await direct.chancy.pushMany([1, 2].map(() => new Job({ func: 'end', queue: 'q' })));
    const [patient, forced] = [b.worker(), b.worker()];
    await Promise.all([patient.start(), forced.start()]);
    await b.record.count('job.claimed', 2);
    link.isRefusing = true;
    link.cut();
    await b.record.until('worker.database_lost');
    open();
    let hasStopped = false;
    const stopped = patient.stop().then(() => {
      hasStopped = true;
    });
    expect(hasStopped).toBe(false);
    link.isRefusing = false;
    await stopped;
    expect(
      await direct.sql('SELECT DISTINCT state FROM chancy_jobs WHERE taken_by = $1', [patient.workerId]),
    ).not.toContainEqual({ state: 'running' });
    link.isRefusing = true;
    link.cut();
    await forced.forceStop();
  });

  it('is survived when it begins with every connection ended by an administrator', async () => {
    const b = await bench({ queue: { pollingInterval: 3600 } });
    acts.set('noop', async () => undefined);
    const worker = await b.started();
    await b.record.until('worker.queue.started');
    const client = await b.connect();
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await b.record.until('worker.database_back');
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    await worker.stop();
  });
});
