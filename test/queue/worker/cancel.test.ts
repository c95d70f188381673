import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { TestExecutor, acts, bench } from './support/bench.js';

describe('cancelling a job that runs', () => {
  it.each([true, false])('[!] ends it early and refuses its late result (notifications: %s)', async (notifications) => {
    const b = await bench({ notifications, queue: { pollingInterval: 1 } });
    acts.set('hold', (job, executor) => executor.cancelled(job));
    const { identifier } = await b.chancy.push('q', new Job({ func: 'hold', maxAttempts: 5 }));
    const worker = await b.started({ ownershipPollMs: notifications ? 1_000_000 : 50 });
    await b.record.until('job.claimed');
    await b.chancy.cancelJob(identifier);
    expect(await b.record.until('job.cancel_requested')).toEqual({
      workerId: worker.workerId,
      queue: 'q',
      jobId: identifier,
    });
    await b.record.until('job.result_refused');
    await worker.stop();
    const [row] = await b.sql('SELECT state, attempts, errors FROM chancy_jobs');
    expect(row).toMatchObject({ state: 'failed', attempts: 0, errors: [{ code: 'CANCELLED' }] });
    expect(b.record.of('job.cancel_requested')).toHaveLength(1);
  });

  it('[!] frees its unique key: the next job of that key is not disturbed by the end of the first', async () => {
    const b = await bench();
    acts.set('hold', async (job, executor) => {
      await executor.cancelled(job);
      throw new Error('would be retried');
    });
    acts.set('second', (job, executor) => executor.cancelled(job));
    const first = await b.chancy.push('q', new Job({ func: 'hold', uniqueKey: 'k', maxAttempts: 5 }));
    await b.started();
    await b.record.until('job.claimed');
    await b.chancy.cancelJob(first);
    const second = await b.chancy.push('q', new Job({ func: 'second', uniqueKey: 'k' }));
    expect(second.identifier).not.toBe(first.identifier);
    await b.record.until('job.result_refused', ({ jobId }) => jobId === first.identifier);
    await b.record.until('job.claimed', ({ jobId }) => jobId === second.identifier);
    expect(await b.state(first.identifier)).toBe('failed');
    expect(await b.state(second.identifier)).toBe('running');
    expect(b.record.of('worker.error')).toEqual([]);
  });

  it('is believed only when the table says so: a forged notification ends nothing', async () => {
    const b = await bench();
    acts.set('hold', (job, executor) => executor.cancelled(job));
    acts.set('noop', async () => undefined);
    const { identifier } = await b.chancy.push('q', new Job({ func: 'hold' }));
    const worker = await b.started();
    await b.record.until('job.claimed');
    const heard = worker.hub.waitFor('job.cancelled');
    await b.sql("SELECT pg_notify('chancy_events', $1)", [JSON.stringify({ t: 'job.cancelled', j: identifier })]);
    await heard;
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    expect(b.record.of('job.cancel_requested')).toEqual([]);
    await b.chancy.cancelJob(identifier);
    await b.record.until('job.cancel_requested');
  });

  it('ends with the job’s own end when the executor’s cancel throws', async () => {
    const b = await bench();
    acts.set('hold', async (job, executor) => {
      const cancelled = executor.cancelled(job);
      const cancel = (id: string): boolean => TestExecutor.prototype.cancel.call(executor, id);
      executor.cancel = (id) => {
        cancel(id);
        throw new Error('cannot');
      };
      await cancelled;
    });
    const ref = await b.chancy.push('q', new Job({ func: 'hold' }));
    await b.started();
    await b.record.until('job.claimed');
    await b.chancy.cancelJob(ref);
    await b.record.until('worker.error', ({ error }) => error === 'cannot');
    await b.record.until('job.result_refused');
  });

  it('is also done for a job that was deleted or recovered; claimed again here meanwhile, it waits for the old run', async () => {
    const b = await bench();
    let runs = 0;
    const cancelled: string[] = [];
    acts.set('hold', async (job, executor) => {
      runs += 1;
      if (runs > 1) return undefined;
      await executor.cancelled(job);
      cancelled.push(job.id);
      // Recovery gave it away, and the second claim of this very worker comes before the first run has ended.
      await b.sql("UPDATE chancy_jobs SET state = 'pending', taken_by = NULL");
      await b.chancy.push('q', new Job({ func: 'noop' }));
      await b.record.until('job.finished', ({ func }) => func === 'noop');
      await expect
        .poll(() =>
          b.sql("SELECT 1 FROM chancy_jobs WHERE func = 'hold' AND state = 'pending' AND scheduled_at > now()"),
        )
        .toHaveLength(1);
      return undefined;
    });
    acts.set('noop', async () => undefined);
    const { identifier } = await b.chancy.push('q', new Job({ func: 'hold' }));
    await b.started({ ownershipPollMs: 50 });
    await b.record.until('job.claimed');
    await b.sql("UPDATE chancy_jobs SET taken_by = 'another'");
    await b.record.until('job.result_refused');
    expect(cancelled).toEqual([identifier]);
    await b.sql("UPDATE chancy_jobs SET scheduled_at = now() WHERE func = 'hold'");
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished', ({ jobId }) => jobId === identifier);
    expect(runs).toBe(2);
  });
});
