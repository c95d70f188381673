import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import type { UpdateOutcome } from '../../../src/queue/executor.js';
import { acts, bench } from './support/bench.js';

describe('saveMeta', () => {
  it('writes meta while the job runs, which an end with the old meta leaves as it is', async () => {
    const b = await bench();
    const outcomes: unknown[] = [];
    acts.set('meta', async (job, executor) => {
      const { queue } = executor;
      outcomes.push(await queue.saveMeta({ ...job, meta: { line: 5, text: '\0' } }));
      outcomes.push(await b.sql('SELECT state, meta FROM chancy_jobs'));
      outcomes.push(await queue.saveMeta({ ...job, meta: [] as never }));
      await b.sql("ALTER TABLE chancy_jobs ADD CONSTRAINT no_bad CHECK (NOT meta ? 'bad')");
      outcomes.push(await queue.saveMeta({ ...job, meta: { bad: 1 } }));
      await queue.pushJobUpdate({ ...job, state: 'succeeded', attempts: 1 });
      outcomes.push(await queue.saveMeta({ ...job, meta: { late: true } }));
      outcomes.push(await queue.saveMeta({ ...job, id: '03fc9681-0e6c-8d37-a0fe-d3feb638167d' }));
      return 'silent';
    });
    await b.chancy.push('q', new Job({ func: 'meta', meta: { old: 1 } }));
    const worker = await b.started();
    await b.record.until('job.finished');
    await worker.stop();
    const meta = { line: 5, text: '\ufffd' };
    expect(outcomes).toEqual(['stored', [{ state: 'running', meta }], 'dropped', 'dropped', 'stale', 'stale']);
    expect(await b.sql('SELECT meta FROM chancy_jobs')).toEqual([{ meta }]);
    expect(b.record.of('worker.malformed')).toMatchObject([{ what: 'job' }]);
    expect(b.record.of('worker.error')).toMatchObject([{ doing: 'saving meta' }]);
  });

  it('is stale once the run is no longer ours', async () => {
    const b = await bench();
    let outcome: unknown;
    acts.set('meta', async (job, executor) => {
      await b.sql("UPDATE chancy_jobs SET state = 'failed'");
      outcome = await executor.queue.saveMeta({ ...job, meta: { mine: 1 } });
    });
    await b.chancy.push('q', new Job({ func: 'meta' }));
    await b.started();
    await b.record.until('job.result_refused');
    expect(outcome).toBe('stale');
    expect(await b.sql('SELECT meta FROM chancy_jobs')).toEqual([{ meta: {} }]);
  });
});

describe('release', () => {
  it('gives a job back as if it had never been claimed, and keeps it back for a while', async () => {
    const b = await bench();
    const outcomes: UpdateOutcome[] = [];
    acts.set('later', async (job, executor) => {
      outcomes.push(await executor.queue.release(job, 3_600_000));
      outcomes.push(await executor.queue.pushJobUpdate({ ...job, state: 'succeeded', attempts: 1 }));
      outcomes.push(await executor.queue.release(job));
      return 'silent';
    });
    await b.chancy.push('q', new Job({ func: 'later' }));
    const worker = await b.started();
    await b.record.count('job.result_refused', 2);
    await worker.stop();
    expect(outcomes).toEqual(['stored', 'stale', 'stale']);
    const rows = await b.sql(
      `SELECT state, attempts, taken_by, started_at, completed_at, errors, scheduled_at > now() + interval '55 minutes' AS later FROM chancy_jobs`,
    );
    expect(rows).toEqual([
      { state: 'pending', attempts: 0, taken_by: null, started_at: null, completed_at: null, errors: [], later: true },
    ]);
  });

  it('leaves a retry a retry, and its due time with its microseconds when there is no delay', async () => {
    const b = await bench();
    let runs = 0;
    acts.set('once', async (job, executor) => {
      runs += 1;
      if (runs > 1) return undefined;
      await executor.queue.release(job, runs === 1 ? undefined : NaN);
      return 'silent';
    });
    await b.chancy.push('q', new Job({ func: 'once', maxAttempts: 3 }));
    await b.sql(
      "UPDATE chancy_jobs SET state = 'retrying', attempts = 1, scheduled_at = '2026-01-01 00:00:00.123456+00'",
    );
    await b.sql('CREATE TABLE seen AS SELECT state FROM chancy_jobs WHERE false');
    await b.sql(
      `CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES (NEW.state); RETURN NULL; END'`,
    );
    await b.sql('CREATE TRIGGER look AFTER UPDATE ON chancy_jobs FOR EACH ROW EXECUTE FUNCTION look()');
    await b.started();
    await b.record.until('job.finished');
    expect(await b.sql('SELECT state FROM seen')).toEqual(
      ['running', 'retrying', 'running', 'succeeded'].map((state) => ({ state })),
    );
    expect(await b.sql('SELECT attempts, scheduled_at::text AS due FROM chancy_jobs')).toMatchObject([
      { attempts: 2, due: expect.stringContaining('.123456') },
    ]);
  });

  it('is stale when somebody else has the job', async () => {
    const b = await bench();
    let outcome: UpdateOutcome | undefined;
    acts.set('stolen', async (job, executor) => {
      await b.sql("UPDATE chancy_jobs SET taken_by = 'another'");
      outcome = await executor.queue.release(job);
      return 'silent';
    });
    await b.chancy.push('q', new Job({ func: 'stolen' }));
    await b.started();
    await b.record.until('job.result_refused');
    await expect.poll(() => outcome).toBe('stale');
    expect(await b.sql('SELECT state, taken_by FROM chancy_jobs')).toEqual([{ state: 'running', taken_by: 'another' }]);
  });
});
