import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { Job } from '../../../src/queue/job.js';
import type { UpdateOutcome } from '../../../src/queue/executor.js';
import { acts, bench, latch } from './support/bench.js';

interface JobColumns {
  state: string;
  attempts: number;
  max_attempts: number;
  completed_at: Date | null;
  meta: Record<string, unknown>;
  errors: { traceback: string; attempt: number; code?: string; message?: string }[];
}

const row = async (b: Awaited<ReturnType<typeof bench>>, id: string): Promise<JobColumns> => {
  const [found] = await b.sql<JobColumns>('SELECT * FROM chancy_jobs WHERE id = $1', [id]);
  return found!;
};

describe('the end of a run', () => {
  it('is retrying while attempts remain, then failed, with an error for each run', async () => {
    const b = await bench();
    acts.set('boom', async ({ attempts }) => {
      throw new Error(`boom ${attempts}`, { cause: new Error('because') });
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'boom', maxAttempts: 2 }));
    await b.started();
    await b.record.count('job.finished', 2);
    expect(b.record.of('job.finished').map(({ state, attempt, error }) => ({ state, attempt, error }))).toEqual([
      { state: 'retrying', attempt: 0, error: 'boom 0' },
      { state: 'failed', attempt: 1, error: 'boom 1' },
    ]);
    const { state, attempts, errors, completed_at } = await row(b, identifier);
    expect({ state, attempts }).toEqual({ state: 'failed', attempts: 2 });
    expect(completed_at).not.toBeNull();
    expect(errors.map(({ attempt, message }) => ({ attempt, message }))).toEqual([
      { attempt: 0, message: 'boom 0' },
      { attempt: 1, message: 'boom 1' },
    ]);
    expect(errors[0]?.traceback).toContain('Caused by: Error: because');
  });

  it('is failed at once for an error that a retry cannot help', async () => {
    const b = await bench();
    acts.set('boom', async () => {
      throw new SpoolgateError('KWARGS_INVALID', { detail: 'file: is missing' });
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'boom', maxAttempts: 9 }));
    await b.started();
    await b.record.until('job.finished');
    expect(await row(b, identifier)).toMatchObject({
      state: 'failed',
      attempts: 1,
      errors: [{ code: 'KWARGS_INVALID' }],
    });
  });

  it('is a failure when push() ends without a result, throws at once, or reports none', async () => {
    const b = await bench();
    acts.set('silent', async () => 'silent');
    acts.set('none', async (job, executor) => {
      await executor.queue.pushJobUpdate(job);
    });
    const silent = await b.chancy.push('q', new Job({ func: 'silent' }));
    const none = await b.chancy.push('q', new Job({ func: 'none' }));
    await b.started();
    await b.record.count('job.finished', 2);
    expect(await row(b, silent.identifier)).toMatchObject({
      state: 'failed',
      errors: [{ code: 'EXECUTOR_NO_RESULT' }],
    });
    expect(await row(b, none.identifier)).toMatchObject({ state: 'failed', errors: [{ code: 'RESULT_INVALID' }] });
  });

  it('is what was reported first, whatever comes after it', async () => {
    const b = await bench();
    let second: UpdateOutcome | undefined;
    acts.set('twice', async (job, executor) => {
      const done = { ...job, attempts: 1, completedAt: new Date() };
      await executor.queue.pushJobUpdate({ ...done, state: 'succeeded' });
      second = await executor.queue.pushJobUpdate({ ...done, state: 'failed' });
      throw new Error('afterwards');
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'twice' }));
    await b.started();
    await b.record.until('worker.error');
    expect(second).toBe('stale');
    expect(await row(b, identifier)).toMatchObject({ state: 'succeeded', attempts: 1, errors: [] });
    expect(b.record.of('job.result_refused')).toHaveLength(1);
  });

  it('[!] never becomes a retry that nobody would fetch', async () => {
    const b = await bench();
    acts.set('again', async (job, executor) => {
      await executor.queue.pushJobUpdate({ ...job, state: 'retrying', attempts: 1 });
      return 'silent';
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'again', maxAttempts: 1 }));
    await b.started();
    const { state } = await b.record.until('job.finished');
    expect(state).toBe('failed');
    expect(await row(b, identifier)).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('moves a retry and changes meta and attempts allowed only where the executor did', async () => {
    const b = await bench();
    acts.set('later', async (job, executor) => {
      await b.sql(`UPDATE chancy_jobs SET max_attempts = 7, meta = '{"theirs": 12345678901234567890}' WHERE id = $1`, [
        job.id,
      ]);
      await executor.queue.pushJobUpdate({
        ...job,
        state: 'retrying',
        attempts: 1,
        scheduledAt: new Date('2031-01-01T00:00:00Z'),
      });
      return 'silent';
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'later', maxAttempts: 2, meta: { ours: 1 } }));
    await b.started();
    await b.record.until('job.finished');
    const [found] = await b.sql(
      'SELECT state, max_attempts, meta::text, completed_at, scheduled_at FROM chancy_jobs WHERE id = $1',
      [identifier],
    );
    expect(found).toEqual({
      state: 'retrying',
      max_attempts: 7,
      meta: '{"theirs": 12345678901234567890}',
      completed_at: null,
      scheduled_at: new Date('2031-01-01T00:00:00Z'),
    });
  });
});

describe('a result that comes too late', () => {
  const interfering: Record<string, string> = {
    'was cancelled': "UPDATE chancy_jobs SET state = 'failed'",
    'was recovered':
      "UPDATE chancy_jobs SET state = 'pending', taken_by = NULL, started_at = NULL, max_attempts = max_attempts + 1, queue = 'gone'",
    'has another owner': "UPDATE chancy_jobs SET taken_by = 'another'",
    'is at another attempt': 'UPDATE chancy_jobs SET attempts = 5',
    'is gone': 'DELETE FROM chancy_jobs',
  };
  it.each(Object.entries(interfering))('[!] is refused when the row %s', async (_what, change) => {
    const b = await bench();
    let outcome: UpdateOutcome | undefined;
    acts.set('late', async (job, executor) => {
      await b.sql(change);
      outcome = await executor.queue.pushJobUpdate({ ...job, state: 'succeeded', attempts: 1, meta: { mine: true } });
      return 'silent';
    });
    await b.chancy.push('q', new Job({ func: 'late' }));
    await b.started();
    const refused = await b.record.until('job.result_refused');
    expect(refused).toMatchObject({ queue: 'q', attempt: 0 });
    expect(b.record.of('job.finished')).toEqual([]);
    const rows = await b.sql('SELECT meta FROM chancy_jobs');
    expect(rows.filter(({ meta }) => 'mine' in (meta as object))).toEqual([]);
    await expect.poll(() => outcome).toBe('stale');
  });

  it('goes on as the run of the new claim, when recovery gave the job back to this very worker', async () => {
    const b = await bench();
    const { opened, open } = latch();
    let runs = 0;
    acts.set('long', async () => {
      runs += 1;
      await opened;
    });
    const { identifier } = await b.chancy.push('q', new Job({ func: 'long' }));
    await b.started();
    await b.record.until('job.claimed');
    await b.sql("UPDATE chancy_jobs SET state = 'pending', taken_by = NULL, started_at = NULL, max_attempts = 2");
    await b.chancy.push('q', new Job({ func: 'noop' }));
    acts.set('noop', async () => undefined);
    await b.record.until('job.finished');
    expect(await b.state(identifier)).toBe('running');
    open();
    await b.record.until('job.finished', ({ jobId }) => jobId === identifier);
    expect(runs).toBe(1);
    expect(await row(b, identifier)).toMatchObject({ state: 'succeeded', attempts: 1 });
  });
});

describe('a batch of results', () => {
  it('[!] is not spoiled by NUL, half surrogates, NaN, Infinity, bigint, or texts of megabytes', async () => {
    const b = await bench({ queue: { concurrency: 50 } });
    const { opened, open } = latch();
    acts.set('good', () => opened);
    acts.set('bad', async (job, executor) => {
      await opened;
      const meta = { ['k\0']: 'v\0', half: '\ud800', nan: NaN, inf: Infinity, big: 12n, fine: '😀 \\u0000' };
      await executor.queue.pushJobUpdate({
        ...job,
        state: 'failed',
        attempts: 1,
        meta,
        errors: [{ traceback: `\0\udc00${'x'.repeat(3_000_000)}`, attempt: 0, message: 'm\0' }],
      });
      return 'silent';
    });
    const refs = await b.chancy.pushMany(
      Array.from({ length: 50 }, (_, index) => new Job({ func: index % 5 === 0 ? 'bad' : 'good', queue: 'q' })),
    );
    await b.started();
    await b.record.count('job.claimed', 50);
    open();
    await b.record.count('job.finished', 50);
    const states = await b.sql('SELECT state, count(*)::int FROM chancy_jobs GROUP BY state ORDER BY state');
    expect(states).toEqual([
      { state: 'failed', count: 10 },
      { state: 'succeeded', count: 40 },
    ]);
    const { meta, errors } = await row(b, refs[0]!.identifier);
    expect(meta).toEqual({ 'k\ufffd': 'v\ufffd', half: '\ufffd', nan: null, inf: null, big: '12', fine: '😀 \\u0000' });
    expect(errors[0]).toMatchObject({ attempt: 0, message: 'm\ufffd' });
    expect(errors[0]?.traceback.length).toBeLessThan(70_000);
    expect(b.record.of('worker.error')).toEqual([]);
  });

  it('[!] stores the others when the table refuses one of them, and that one in a plainer form', async () => {
    const b = await bench({ queue: { concurrency: 50 } });
    await b.sql(
      "ALTER TABLE chancy_jobs ADD CONSTRAINT no_bad_meta CHECK (NOT meta ? 'bad'), ADD CONSTRAINT no_success CHECK (func <> 'unlucky' OR state <> 'succeeded')",
    );
    const { opened, open } = latch();
    acts.set('good', () => opened);
    const withMeta = (meta: Record<string, unknown>): void => {
      acts.set('bad', async (job, executor) => {
        await opened;
        await executor.queue.pushJobUpdate({ ...job, state: 'succeeded', attempts: 1, meta });
        return 'silent';
      });
    };
    withMeta({ bad: 1 });
    acts.set('unlucky', () => opened);
    const funcs = ['good', 'good', 'bad', ...Array.from({ length: 20 }, () => 'good'), 'unlucky', 'good'];
    const refs = await b.chancy.pushMany(funcs.map((func) => new Job({ func, queue: 'q', maxAttempts: 3 })));
    await b.started();
    await b.record.count('job.claimed', funcs.length);
    open();
    await b.record.count('job.finished', funcs.length);
    const rows = await Promise.all(refs.map(({ identifier }) => row(b, identifier)));
    expect(rows.map(({ state }) => state)).toEqual(funcs.map((func) => (func === 'unlucky' ? 'failed' : 'succeeded')));
    expect(rows[2]).toMatchObject({ attempts: 1, meta: {}, errors: [{ code: 'RESULT_UNSTORABLE' }] });
    expect(rows[23]).toMatchObject({ attempts: 1, errors: [{ code: 'RESULT_UNSTORABLE', attempt: 0 }] });
    expect(rows[23]?.errors[0]?.message).toContain('no_success');
    expect(b.record.of('worker.malformed').map(({ id }) => id)).toContain(refs[2]?.identifier);
  });

  it('gives up what the table refuses in every form, and stores what comes after it', async () => {
    const b = await bench();
    await b.sql(
      "ALTER TABLE chancy_jobs ADD CONSTRAINT never CHECK (func <> 'unlucky' OR state IN ('pending', 'running'))",
    );
    acts.set('unlucky', async () => undefined);
    acts.set('good', async () => undefined);
    await b.chancy.push('q', new Job({ func: 'unlucky' }));
    const worker = await b.started();
    await b.record.until('job.result_refused');
    await b.chancy.push('q', new Job({ func: 'good' }));
    await b.record.until('job.finished', ({ func }) => func === 'good');
    await worker.stop();
  });

  it('waits out what is not the fault of the results', async () => {
    const b = await bench();
    const { opened, open } = latch();
    acts.set('good', () => opened);
    const { identifier } = await b.chancy.push('q', new Job({ func: 'good' }));
    await b.started();
    await b.record.until('job.claimed');
    await b.sql('ALTER TABLE chancy_jobs RENAME COLUMN errors TO mistakes');
    open();
    await b.record.until('worker.error', ({ doing }) => doing === 'storing results');
    await b.sql('ALTER TABLE chancy_jobs RENAME COLUMN mistakes TO errors');
    await b.record.until('job.finished');
    expect(await b.state(identifier)).toBe('succeeded');
  });

  it('is stored as a whole when it is larger than one statement takes', async () => {
    const b = await bench({ queue: { concurrency: 1000 } });
    const { opened, open } = latch();
    acts.set('big', async (job, executor) => {
      await opened;
      await executor.queue.pushJobUpdate({
        ...job,
        state: 'succeeded',
        attempts: 1,
        meta: { text: 'x'.repeat(20_000) },
      });
      return 'silent';
    });
    await b.chancy.pushMany(Array.from({ length: 600 }, () => new Job({ func: 'big', queue: 'q' })));
    await b.started();
    await b.record.count('job.claimed', 600);
    open();
    await b.record.count('job.finished', 600);
    const [sum] = await b.sql(
      "SELECT count(*)::int FROM chancy_jobs WHERE state = 'succeeded' AND length(meta->>'text') = 20000",
    );
    expect(sum).toEqual({ count: 600 });
  });
});
