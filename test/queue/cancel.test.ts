import { beforeEach, describe, expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { withApp } from './support/app.js';

const fixture = withApp();
const job = new Job({ func: 'tasks.run', maxAttempts: 3 });
beforeEach(async () => {
  await fixture.rows('TRUNCATE chancy_jobs');
});

describe('cancelJob', () => {
  it.each(['pending', 'retrying', 'running'])(
    '[!] ends a %s job with an error that says so, and tells the workers in the exact shape that Python needs',
    async (state) => {
      const reference = await fixture.app.push(job);
      await fixture.rows(
        'UPDATE chancy_jobs SET state = $1, attempts = 1, errors = \'[{"traceback": "t", "attempt": 0}]\'',
        [state],
      );
      const listening = await fixture.listen();
      expect(await fixture.app.cancelJob(reference)).toBe(true);
      const stored = await fixture.app.getJob(reference);
      expect(stored).toMatchObject({ state: 'failed', attempts: 1, maxAttempts: 3 });
      expect(stored?.completedAt).toBeInstanceOf(Date);
      expect(stored?.errors).toEqual([
        { traceback: 't', attempt: 0 },
        {
          traceback: 'CANCELLED: The job was cancelled',
          attempt: 1,
          code: 'CANCELLED',
          message: 'CANCELLED: The job was cancelled',
        },
      ]);
      expect(await listening.settled()).toEqual([{ t: 'job.cancelled', j: reference.identifier }]);
    },
  );

  it.each(['succeeded', 'failed'])('leaves a %s job as it is', async (state) => {
    const reference = await fixture.app.push(job);
    await fixture.rows('UPDATE chancy_jobs SET state = $1', [state]);
    const listening = await fixture.listen();
    expect(await fixture.app.cancelJob(reference.identifier)).toBe(false);
    expect(await fixture.app.getJob(reference)).toMatchObject({ state, completedAt: null, errors: [] });
    expect(await listening.settled()).toEqual([]);
  });

  it('has nothing to cancel where there is no such job', async () => {
    expect(await fixture.app.cancelJob('03fc9681-0e6c-8d37-a0fe-d3feb638167d')).toBe(false);
    expect(await fixture.app.cancelJob('not an id')).toBe(false);
  });

  it('puts up with errors and attempts that other programs left odd', async () => {
    const reference = await fixture.app.push(job);
    await fixture.rows("UPDATE chancy_jobs SET errors = 'null', attempts = NULL");
    expect(await fixture.app.cancelJob(reference)).toBe(true);
    expect(await fixture.app.getJob(reference)).toMatchObject({ errors: [{ attempt: 0, code: 'CANCELLED' }] });
  });

  it('is silent where notifications are off', async () => {
    const listening = await fixture.listen();
    const quiet = fixture.another({ notifications: false });
    expect(await quiet.cancelJob(await quiet.push(job))).toBe(true);
    expect(await listening.settled()).toEqual([]);
  });

  it('does not touch microseconds of times that it does not write', async () => {
    const reference = await fixture.app.push(job);
    await fixture.rows(
      "UPDATE chancy_jobs SET started_at = '2030-01-01 00:00:00.123456Z', scheduled_at = '2030-01-01 00:00:00.654321Z'",
    );
    await fixture.app.cancelJob(reference);
    const [row] = await fixture.rows<{ times: string }>(
      "SELECT to_char(started_at, 'US') || to_char(scheduled_at, 'US') AS times FROM chancy_jobs",
    );
    expect(row?.times).toBe('123456654321');
  });
});
