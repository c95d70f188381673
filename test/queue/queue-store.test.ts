import { beforeEach, describe, expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { Queue } from '../../src/queue/queue.js';
import { withApp } from './support/app.js';

const fixture = withApp();
const job = new Job({ func: 'tasks.run', queue: 'q' });
beforeEach(async () => {
  await fixture.rows('TRUNCATE chancy_queues, chancy_jobs');
});

describe('declare', () => {
  const queue = new Queue({ name: 'q', concurrency: 3, tags: ['a', 'b "c"'], rateLimit: 5, rateLimitWindow: 60 });

  it('[!] stores every column, none of those NULL that Python needs', async () => {
    const resumeAt = new Date('2031-01-01T00:00:00.500Z');
    const full = new Queue({
      name: 'q',
      executor: 'chancy.executors.process.ProcessExecutor',
      executorOptions: { maximum_jobs_per_worker: 7 },
      state: 'paused',
      resumeAt,
      pollingInterval: 9,
      eagerPolling: true,
    });
    const stored = await fixture.app.declare(full);
    const [row] = await fixture.rows('SELECT * FROM chancy_queues');
    expect(row).toEqual({
      name: 'q',
      state: 'paused',
      concurrency: null,
      tags: ['.*'],
      executor: 'chancy.executors.process.ProcessExecutor',
      executor_options: { maximum_jobs_per_worker: 7 },
      polling_interval: 9,
      created_at: expect.any(Date),
      rate_limit: null,
      rate_limit_window: null,
      resume_at: resumeAt,
      eager_polling: true,
    });
    expect(await fixture.app.getQueue('q')).toEqual(stored);
    expect(await fixture.app.getAllQueues()).toEqual([stored]);
  });

  it('leaves a queue that is there as it is, and says how that is', async () => {
    const first = await fixture.app.declare(queue);
    expect(await fixture.app.declare(new Queue({ name: 'q', concurrency: 9 }))).toEqual(first);
    expect(first).toMatchObject({ concurrency: 3, tags: ['a', 'b "c"'], rateLimit: 5, rateLimitWindow: 60 });
  });

  it('replaces all but created_at with upsert', async () => {
    const first = await fixture.app.declare(queue);
    await fixture.app.pauseQueue('q', { resumeAt: new Date('2031-01-01') });
    const second = await fixture.app.declare(new Queue({ name: 'q' }), { upsert: true });
    expect(second).toMatchObject({
      concurrency: null,
      tags: ['runtime=node'],
      rateLimit: null,
      state: 'active',
      resumeAt: null,
    });
    expect(second.createdAt).toEqual(first.createdAt);
  });

  it('tells the workers each time, as Python does', async () => {
    const listening = await fixture.listen();
    await fixture.app.declare(queue);
    await fixture.app.declare(queue);
    await fixture.another({ notifications: false }).declare(queue, { upsert: true });
    expect(await listening.settled()).toEqual([
      { t: 'queue.declared', q: 'q' },
      { t: 'queue.declared', q: 'q' },
    ]);
  });

  it('[!] checks a queue of plain JavaScript, or of another copy of the package, too', async () => {
    await expect(fixture.app.declare({ name: 'q', tags: ['*'] } as never)).rejects.toThrow(/QUEUE_INVALID.*tags/);
    const copy = Object.fromEntries(Object.entries(queue)) as unknown as Queue;
    expect(await fixture.app.declare(copy)).toMatchObject({ concurrency: 3, executor: 'spoolgate.ModuleExecutor' });
  });

  it('[!] keeps `default` from Python, whose workers declare it later without upsert', async () => {
    await fixture.app.declare(new Queue({ name: 'default' }));
    await fixture.rows(`INSERT INTO chancy_queues (name, tags, executor) VALUES ('default', '{.*}', 'x.Y')
      ON CONFLICT (name) DO UPDATE SET state = chancy_queues.state`);
    expect(await fixture.app.getQueue('default')).toMatchObject({ tags: ['runtime=node'] });
  });

  it('may be done by many at once', async () => {
    const apps = [fixture.app, fixture.another(), fixture.another()];
    const stored = await Promise.all([...apps, ...apps].map((app) => app.declare(queue)));
    for (const each of stored) expect(each).toEqual(stored[0]);
  });

  it('says what is wrong with a row of that name that cannot be used', async () => {
    await fixture.rows("INSERT INTO chancy_queues (name, state) VALUES ('q', 'stopped')");
    await expect(fixture.app.declare(queue)).rejects.toThrow(/QUEUE_UNREADABLE.*state/);
    await expect(fixture.app.getQueue('q')).rejects.toThrow('QUEUE_UNREADABLE');
    expect(await fixture.app.getAllQueues()).toEqual([]);
    expect(await fixture.app.declare(queue, { upsert: true })).toMatchObject({ state: 'active' });
  });
});

describe('pause and resume', () => {
  it('change the row and tell the workers', async () => {
    await fixture.app.declare(new Queue({ name: 'q' }));
    const listening = await fixture.listen();
    const resumeAt = new Date('2031-01-01T00:00:00.001Z');
    await fixture.app.pauseQueue('q', { resumeAt });
    expect(await fixture.app.getQueue('q')).toMatchObject({ state: 'paused', resumeAt });
    await fixture.app.pauseQueue('q');
    expect(await fixture.app.getQueue('q')).toMatchObject({ state: 'paused', resumeAt: null });
    await fixture.app.pauseQueue('q', { resumeAt });
    await fixture.app.resumeQueue('q');
    expect(await fixture.app.getQueue('q')).toMatchObject({ state: 'active', resumeAt: null });
    expect((await listening.settled()).map((payload) => (payload as { t: string }).t)).toEqual([
      'queue.paused',
      'queue.paused',
      'queue.paused',
      'queue.resumed',
    ]);
  });

  it('refuse a queue that is not there and a time that is none', async () => {
    await expect(fixture.app.pauseQueue('q')).rejects.toThrow('QUEUE_NOT_FOUND: There is no such queue: q');
    await expect(fixture.app.resumeQueue('q')).rejects.toThrow('QUEUE_NOT_FOUND');
    await expect(fixture.app.pauseQueue('q', { resumeAt: new Date(Number.NaN) })).rejects.toThrow(
      /QUEUE_INVALID.*resumeAt/,
    );
  });
});

describe('deleteQueue', () => {
  it('takes its jobs as well, and ends those that run', async () => {
    await fixture.app.declare(new Queue({ name: 'q' }));
    const references = await fixture.app.pushMany([job, job, job.withQueue('other')]);
    await fixture.rows("UPDATE chancy_jobs SET state = 'running' WHERE id = $1", [String(references[1])]);
    const listening = await fixture.listen();
    expect(await fixture.app.deleteQueue('q')).toEqual({ deleted: true, purgedJobs: 2 });
    expect(await fixture.app.getQueue('q')).toBeNull();
    expect(await fixture.app.getJobs(references)).toHaveLength(1);
    expect(await listening.settled()).toEqual([
      { t: 'job.cancelled', j: String(references[1]) },
      { t: 'queue.deleted', q: 'q' },
    ]);
  });

  it('leaves its jobs if told so', async () => {
    await fixture.app.declare(new Queue({ name: 'q' }));
    await fixture.app.push(job);
    expect(await fixture.app.deleteQueue('q', { purgeJobs: false })).toEqual({ deleted: true, purgedJobs: 0 });
    expect(await fixture.app.deleteQueue('q')).toEqual({ deleted: false, purgedJobs: 1 });
    expect(await fixture.app.deleteQueue('q')).toEqual({ deleted: false, purgedJobs: 0 });
  });
});

describe('getAllWorkers', () => {
  it('gives what workers announced, by id', async () => {
    await fixture.rows(`INSERT INTO chancy_workers (worker_id, tags, queues, expires_at)
      VALUES ('w2', '{*,os=Linux}', '{q}', now() + interval '90 s'), ('w1', NULL, NULL, now())`);
    expect(await fixture.app.getAllWorkers()).toMatchObject([
      { workerId: 'w1', tags: [], queues: [] },
      { workerId: 'w2', tags: ['*', 'os=Linux'], queues: ['q'] },
    ]);
  });
});
