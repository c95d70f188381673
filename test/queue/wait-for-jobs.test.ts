import { describe, expect, it } from 'vitest';
import { Chancy } from '../../src/queue/chancy.js';
import { Job } from '../../src/queue/job.js';
import { withApp } from './support/app.js';

const job = new Job({ func: 'tasks.run' });
const nobody = '03fc9681-0e6c-8d37-a0fe-d3feb638167d';

describe('reading jobs', () => {
  const fixture = withApp();

  it('gives jobs in the order asked for, without those that are not there', async () => {
    const [a, b] = await fixture.app.pushMany([job, job.withQueue('b')]);
    const jobs = await fixture.app.getJobs([b!, nobody, a!.identifier.toUpperCase(), 'no id', b!]);
    expect(jobs.map(({ id }) => id)).toEqual([b, a, b].map(String));
    expect(await fixture.app.getJobs([])).toEqual([]);
    expect(await fixture.app.getJob(nobody)).toBeNull();
    expect(await fixture.app.getJob("'; DROP TABLE chancy_jobs")).toBeNull();
  });

  it('says what is wrong with one that cannot be read, and does not spoil a list with it', async () => {
    const [good, bad] = await fixture.app.pushMany([job, job]);
    await fixture.rows("UPDATE chancy_jobs SET state = 'expired' WHERE id = $1", [bad!.identifier]);
    await expect(fixture.app.getJob(bad!)).rejects.toThrow(/JOB_UNREADABLE.*state/);
    expect(await fixture.app.getJobs([bad!, good!])).toHaveLength(1);
  });

  it('hands out references that are their id in text and JSON', async () => {
    const reference = await fixture.app.push(job);
    expect(String(reference)).toBe(reference.identifier);
    expect(JSON.stringify({ reference })).toBe(`{"reference":"${reference.identifier}"}`);
  });
});

describe('waiting for jobs', () => {
  const fixture = withApp();
  const finish = (id: unknown, state = 'succeeded'): Promise<unknown> =>
    fixture.rows('UPDATE chancy_jobs SET state = $2 WHERE id = $1', [String(id), state]);

  it('ends when the job does, without notifications', async () => {
    const app = fixture.another({ notifications: false });
    const reference = await app.push(job);
    const waited = app.waitForJob(reference, { intervalMs: 5, timeoutMs: 20_000 });
    await finish(reference, 'running');
    await finish(reference);
    expect(await waited).toMatchObject({ id: reference.identifier, state: 'succeeded' });
  });

  it('waits for all of them, in the order asked for', async () => {
    const references = await fixture.app.pushMany([job, job, job]);
    const waited = fixture.app.waitForJobs([...references, nobody], { intervalMs: 5, timeoutMs: 20_000 });
    for (const reference of references.toReversed()) await finish(reference, 'failed');
    const jobs = await waited;
    expect(jobs.map((found) => found?.id)).toEqual([...references.map(String), undefined]);
  });

  it('waits for other states if asked', async () => {
    const reference = await fixture.app.push(job);
    expect(await fixture.app.waitForJob(reference, { states: ['pending', 'running'] })).toMatchObject({
      state: 'pending',
    });
  });

  it('gives null for a job that is not there, or goes meanwhile', async () => {
    expect(await fixture.app.waitForJob(nobody)).toBeNull();
    expect(await fixture.app.waitForJob('no id')).toBeNull();
    const reference = await fixture.app.push(job);
    const waited = fixture.app.waitForJob(reference, { intervalMs: 5 });
    await fixture.rows('DELETE FROM chancy_jobs WHERE id = $1', [reference.identifier]);
    expect(await waited).toBeNull();
  });

  it('gives up after its time, and says how many are missing', async () => {
    const references = await fixture.app.pushMany([job, job]);
    await finish(references[0]);
    const waited = fixture.app.waitForJobs(references, { intervalMs: 5, timeoutMs: 20 });
    await expect(waited).rejects.toThrow(
      'WAIT_TIMEOUT: What was waited for did not happen in time: after 20 ms 1 of 2',
    );
    await expect(fixture.app.waitForJob(references[1]!, { timeoutMs: 0 })).rejects.toThrow('WAIT_TIMEOUT');
  });

  it('stops when told to', async () => {
    const reference = await fixture.app.push(job);
    const abort = new AbortController();
    const waited = fixture.app.waitForJob(reference, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waited).rejects.toThrow('enough');
  });

  it('goes on after the database threw it out', async () => {
    const reference = await fixture.app.push(job);
    const app = fixture.another({ applicationName: 'waiting' });
    const waited = app.waitForJob(reference, { intervalMs: 5, timeoutMs: 20_000 });
    const looked = (): Promise<unknown[]> =>
      fixture.rows(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'waiting' AND state = 'idle' AND query <> ''",
      );
    for (let round = 0; round < 5; round += 1) {
      while ((await looked()).length === 0);
      await fixture.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waiting'");
    }
    await finish(reference);
    expect(await waited).toMatchObject({ state: 'succeeded' });
  });

  it('rejects at once where there is no database to begin with', async () => {
    const app = new Chancy({ dsn: 'postgresql://nobody@127.0.0.1:1/none' });
    await expect(app.waitForJob(nobody)).rejects.toThrow('DATABASE_UNREACHABLE');
    await app.close();
  });
});
