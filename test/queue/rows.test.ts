import { beforeEach, describe, expect, it } from 'vitest';
import { parseJobRow } from '../../src/queue/job-row.js';
import { parseQueueRow } from '../../src/queue/queue-row.js';
import { parseWorkerRow } from '../../src/queue/worker-row.js';
import { rowTime } from '../../src/queue/row-time.js';
import { withApp } from './support/app.js';

const id = '03fc9681-0e6c-8d37-a0fe-d3feb638167d';

describe('a jobs row of another program', () => {
  const fixture = withApp();
  beforeEach(async () => {
    await fixture.rows('DELETE FROM chancy_jobs');
    await fixture.rows("INSERT INTO chancy_jobs (id, queue, func) VALUES ($1, 'q', 'a.b')", [id]);
  });
  const parsed = async (change: string): Promise<ReturnType<typeof parseJobRow>> => {
    const [row] = await fixture.rows<{ id: string }>(`UPDATE chancy_jobs SET ${change} RETURNING *`);
    return parseJobRow(row!);
  };

  it('is a job, with the database’s defaults', async () => {
    const row = await parsed('attempts = 0');
    expect(row).toMatchObject({
      ok: true,
      job: {
        id,
        queue: 'q',
        func: 'a.b',
        kwargs: {},
        limits: [],
        meta: {},
        state: 'pending',
        priority: 0,
        attempts: 0,
      },
    });
    expect(row).toMatchObject({
      job: { maxAttempts: 1, takenBy: null, uniqueKey: null, startedAt: null, completedAt: null, errors: [] },
    });
    expect(row.ok && row.job.createdAt).toBeInstanceOf(Date);
  });

  it.each([
    ["kwargs = 'null', meta = 'null', limits = 'null'", { kwargs: {}, meta: {}, limits: [] }],
    ['priority = NULL, attempts = NULL', { priority: 2 ** 31 - 1, attempts: 0 }],
    [
      `limits = '[{"t": "time", "v": 2, "x": 1}, {"t": "memory", "v": 9.5}]'`,
      {
        limits: [
          { t: 'time', v: 2 },
          { t: 'memory', v: 9.5 },
        ],
      },
    ],
    [`errors = '{"not": "a list"}'`, { errors: [] }],
    [
      `errors = '[{"traceback": "t", "attempt": 1, "host": "x"}]'`,
      { errors: [{ traceback: 't', attempt: 1, host: 'x' }] },
    ],
    [
      `errors = '[{"attempt": "1"}, 7]'`,
      {
        errors: [
          { traceback: '', attempt: 0 },
          { traceback: '7', attempt: 0 },
        ],
      },
    ],
    [
      "started_at = '-infinity', scheduled_at = 'infinity'",
      { scheduledAt: new Date(8.64e15), startedAt: new Date(-8.64e15) },
    ],
  ])('is tolerated with %s', async (change, expected) => {
    expect(await parsed(change)).toMatchObject({ ok: true, job: expected });
  });

  it.each([
    ["state = 'expired'", 'state'],
    ["func = ''", 'func'],
    [`kwargs = '[1]'`, 'kwargs'],
    [`kwargs = '"x"'`, 'kwargs'],
    [`meta = '7'`, 'meta'],
    [`limits = '[{"t": "cpu", "v": 1}]'`, 'limits.0.t'],
    [`limits = '[{"t": "time"}]'`, 'limits.0.v'],
    [`limits = '{}'`, 'limits'],
  ])('[!] cannot be used with %s, and says why instead of throwing', async (change, field) => {
    const row = await parsed(change);
    expect(row).toMatchObject({ ok: false, id });
    expect(row.ok ? '' : row.reason).toContain(field);
  });
});

describe('a queues row of another program', () => {
  const fixture = withApp();
  beforeEach(async () => {
    await fixture.rows('DELETE FROM chancy_queues');
    await fixture.rows("INSERT INTO chancy_queues (name) VALUES ('q')");
  });
  const parsed = async (change: string): Promise<ReturnType<typeof parseQueueRow>> => {
    const [row] = await fixture.rows<{ name: string }>(`UPDATE chancy_queues SET ${change} RETURNING *`);
    return parseQueueRow(row!);
  };

  it.each([
    ['tags = NULL, executor_options = NULL', { tags: [], executorOptions: {}, concurrency: 1, eagerPolling: false }],
    ["tags = '{a,NULL,*}'", { tags: ['a', '*'] }],
    ['polling_interval = NULL, concurrency = NULL', { pollingInterval: null, concurrency: null }],
    ['rate_limit = 3, rate_limit_window = 60', { rateLimit: 3, rateLimitWindow: 60 }],
    ["state = 'paused', resume_at = '2030-01-01Z'", { state: 'paused', resumeAt: new Date('2030-01-01') }],
  ])('is tolerated with %s', async (change, expected) => {
    expect(await parsed(change)).toMatchObject({ ok: true, queue: expected });
  });

  it.each([
    ["state = 'stopped'", 'state'],
    [`executor_options = '[]'`, 'executor_options'],
    ['rate_limit = 3', 'rate_limit_window'],
    ['rate_limit = 3, rate_limit_window = 0', 'rate_limit_window'],
    ['concurrency = -1', 'concurrency'],
  ])('[!] cannot be used with %s, and says why instead of throwing', async (change, field) => {
    const row = await parsed(change);
    expect(row).toMatchObject({ ok: false, name: 'q' });
    expect(row.ok ? '' : row.reason).toContain(field);
  });
});

describe('a workers row', () => {
  const now = new Date();
  const row = { worker_id: 'w', tags: ['*', null], queues: null, last_seen: now, expires_at: now };

  it('is read with what it lacks', () => {
    expect(parseWorkerRow(row)).toEqual({ workerId: 'w', tags: ['*'], queues: [], lastSeen: now, expiresAt: now });
  });

  it('is passed over when it makes no sense', () => {
    expect(parseWorkerRow({ ...row, worker_id: 7 })).toBeUndefined();
  });
});

describe('a time of a row', () => {
  it('is read from a text too, where the pool gives one', () => {
    expect(rowTime.parse('2030-01-01 12:00:00.123456+00')).toEqual(new Date('2030-01-01T12:00:00.123Z'));
    expect(rowTime.safeParse('soon').success).toBe(false);
  });
});
