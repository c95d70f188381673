import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SpoolgateError } from '../../../../src/errors/spoolgate-error.js';
import { Job } from '../../../../src/queue/job.js';
import { RetryPlugin, type RetryPluginOptions } from '../../../../src/queue/plugins/retry/retry-plugin.js';
import { defaultRetrySettings, retryDelay } from '../../../../src/queue/plugins/retry/retry-settings.js';
import type { QueuedJob } from '../../../../src/queue/queued-job.js';
import { acts, bench } from '../../worker/support/bench.js';

const now = Date.parse('2026-01-01T00:00:00Z');

const failedRun = (changes: Partial<QueuedJob> = {}): QueuedJob => ({
  id: '03fc9681-0e6c-8d37-a0fe-d3feb638167d',
  queue: 'q',
  func: 'a.b',
  kwargs: {},
  limits: [],
  meta: {},
  state: 'retrying',
  priority: 0,
  attempts: 1,
  maxAttempts: 9,
  takenBy: 'me',
  uniqueKey: null,
  createdAt: new Date(now),
  startedAt: new Date(now),
  completedAt: null,
  scheduledAt: new Date(now - 1000),
  errors: [{ traceback: 'Error: boom\n  at x', attempt: 0, code: 'JOB_TIME_LIMIT', message: 'boom of the pump' }],
  ...changes,
});

/** What becomes of a run that ended as `job`; seconds until it is due again. */
const judged = async (
  options: RetryPluginOptions,
  job: QueuedJob,
): Promise<{ state: string; inSeconds: number; job: QueuedJob }> => {
  const plugin = new RetryPlugin({ random: () => 0, now: () => now, ...options });
  const after = await plugin.onJobCompleted({} as never, job);
  return { state: after.state, inSeconds: (after.scheduledAt.getTime() - now) / 1000, job: after };
};

describe('the wait for the next run', () => {
  it.each<[string, Record<string, unknown>, number, number, number]>([
    ['is 1 s and 1 to 5 s by default', {}, 1, 0, 2],
    ['with the most of the jitter', {}, 1, 1, 6],
    ['doubles', {}, 3, 0, 5],
    ['ends at 300 s, and the jitter comes on top', {}, 60, 1, 305],
    ['follows the job', { backoff: 10, backoff_factor: 3, backoff_jitter: [0, 0] }, 3, 0.5, 90],
    ['and its limit', { backoff: 10, backoff_factor: 3, backoff_limit: 50, backoff_jitter: [2, 4] }, 9, 0.5, 53],
    ['nothing', { backoff: 0, backoff_jitter: [0, 0] }, 2000, 0, 0],
    ['what cannot be used is as good as absent', { backoff: 'soon', backoff_limit: -1, backoff_jitter: [1] }, 1, 0, 2],
  ])('%s', async (_name, settings, attempts, random, seconds) => {
    const meta = Object.keys(settings).length === 0 ? {} : { retry_settings: settings };
    const { inSeconds, state } = await judged({ random: () => random }, failedRun({ attempts, meta }));
    expect(inSeconds).toBe(seconds);
    expect(state).toBe('retrying');
  });

  it('is never no time, nor longer than limit and jitter, whatever is stored', () => {
    const any = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(any, any, any, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (a, b, c, attempts, random) => {
        const settings = { backoff: a, backoffFactor: b, backoffLimit: c, backoffJitter: [1, 5] as const };
        const delay = retryDelay(settings, attempts, () => random);
        expect(delay).toBeGreaterThanOrEqual(1);
        // One in 2^52 is lost or gained when numbers are added.
        expect(delay).toBeLessThanOrEqual((c + 5) * (1 + 1e-12));
      }),
      { numRuns: 1000 },
    );
    expect(retryDelay(defaultRetrySettings, 0, () => 0)).toBe(2);
  });

  it.each([null, 7, 'x', []])('takes retry_settings that are no object for none: %j', async (retry_settings) => {
    expect((await judged({}, failedRun({ meta: { retry_settings } }))).inSeconds).toBe(2);
  });

  it('goes no further than Python can count', async () => {
    const retry_settings = { backoff: 1e300, backoff_limit: 1e300 };
    const { job } = await judged({}, failedRun({ meta: { retry_settings } }));
    expect(job.scheduledAt).toEqual(new Date('9999-12-30T00:00:00Z'));
  });
});

describe('the retry plugin', () => {
  it.each(['failed', 'succeeded'] as const)('leaves a job that has %s', async (state) => {
    const job = failedRun({ state });
    expect((await judged({ policies: [{ retry: false }] }, job)).job).toBe(job);
  });

  it('leaves a time that the executor has set, unless the job or a policy says otherwise', async () => {
    const job = failedRun({ scheduledAt: new Date(now + 77_000) });
    expect((await judged({ defaults: { backoff: 5 } }, job)).inSeconds).toBe(77);
    const own = { ...job, meta: { retry_settings: { backoff: 3 } } };
    expect((await judged({}, own)).inSeconds).toBe(4);
    expect((await judged({ policies: [{ backoff: 3 }] }, job)).inSeconds).toBe(4);
  });

  it('has defaults of the app', async () => {
    const defaults = { backoff: 10, backoffFactor: 1, backoffLimit: 20, backoffJitter: [0, 0] as const };
    expect((await judged({ defaults }, failedRun({ attempts: 5 }))).inSeconds).toBe(10);
    const meta = { retry_settings: { backoff: 30 } };
    expect((await judged({ defaults }, failedRun({ meta }))).inSeconds).toBe(20);
  });

  it.each<[string, NonNullable<RetryPluginOptions['policies']>, string, number]>([
    ['by code', [{ code: 'JOB_TIME_LIMIT', retry: false }], 'failed', -1],
    ['by one of codes', [{ code: ['A', 'JOB_TIME_LIMIT'], retry: false }], 'failed', -1],
    ['not by another code', [{ code: 'A', retry: false }], 'retrying', 2],
    ['by a part of the message', [{ message: 'the pump', retry: false }], 'failed', -1],
    ['by a pattern', [{ message: /PUMP$/i, backoff: 60 }], 'retrying', 61],
    ['by a pattern with a memory', [{ message: /pump/g, backoff: 60 }], 'retrying', 61],
    ['not by a pattern of another message', [{ message: /fan/, retry: false }], 'retrying', 2],
    [
      'not by code alone where both are given',
      [{ code: 'JOB_TIME_LIMIT', message: 'fan', retry: false }],
      'retrying',
      2,
    ],
    ['the first that fits', [{ code: 'A' }, { message: 'pump', backoff: 9 }, { retry: false }], 'retrying', 10],
    ['all errors', [{ backoff: 4, backoffFactor: 1, backoffLimit: 3, backoffJitter: [0, 0] }], 'retrying', 3],
  ])('follows policies %s', async (_name, policies, state, inSeconds) => {
    const after = await judged({ policies }, failedRun());
    expect(after).toMatchObject({ state, inSeconds });
    expect(after.job.completedAt).toEqual(state === 'failed' ? new Date(now) : null);
  });

  it("finds Python's words in the traceback, and no code", async () => {
    const python = failedRun({ errors: [{ traceback: 'ValueError: boom', attempt: 0 }] });
    expect(await judged({ policies: [{ message: 'ValueError', retry: false }] }, python)).toMatchObject({
      state: 'failed',
    });
    expect(await judged({ policies: [{ code: 'X', retry: false }] }, python)).toMatchObject({ state: 'retrying' });
    const silent = failedRun({ errors: [] });
    expect(await judged({ policies: [{ message: 'x', retry: false }] }, silent)).toMatchObject({ state: 'retrying' });
  });

  it('does so for the runs of a worker', async () => {
    const policies = [
      { code: 'PORT_BUSY', retry: false },
      { message: 'slow', backoff: 600, backoffLimit: 600, backoffJitter: [0, 0] as const },
    ];
    const b = await bench({ plugins: [new RetryPlugin({ policies })] });
    acts.set('busy', async () => {
      throw new SpoolgateError('PORT_BUSY');
    });
    acts.set('slow', async () => {
      throw new Error('too slow');
    });
    const meta = { retry_settings: { backoff: 1 } };
    await b.chancy.pushMany(['busy', 'slow'].map((func) => new Job({ func, queue: 'q', maxAttempts: 3, meta })));
    await b.started();
    await b.record.count('job.finished', 2);
    expect(
      await b.sql(`SELECT func, state, attempts, completed_at IS NOT NULL AS ended,
        round(extract(epoch FROM scheduled_at - clock_timestamp()) / 600)::integer AS ten_minutes FROM chancy_jobs ORDER BY id`),
    ).toEqual([
      { func: 'busy', state: 'failed', attempts: 1, ended: true, ten_minutes: 0 },
      { func: 'slow', state: 'retrying', attempts: 1, ended: false, ten_minutes: 1 },
    ]);
  });

  it("W18: waits are counted by the database's clock, whatever the worker's own says", async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    const plugin = new RetryPlugin({ random: () => 0, clockIntervalMs: 10 });
    const b = await bench({ plugins: [plugin] });
    const ended = new AbortController();
    const run = plugin.run(
      { workerId: 'me', tags: [], hub: b.worker().hub, events: b.record.bus },
      b.chancy,
      ended.signal,
    );
    const truth = Date.now() - 86_400_000;
    await expect
      .poll(async () => {
        const { scheduledAt } = await plugin.onJobCompleted({} as never, failedRun({ scheduledAt: new Date(0) }));
        return Math.abs(scheduledAt.getTime() - truth) < 60_000;
      })
      .toBe(true);
    ended.abort();
    await run;
  });

  it('refuses options that cannot be', () => {
    const options: [RetryPluginOptions, string][] = [
      [{ policies: [{ code: 7 as never }] }, 'policies.0.code'],
      [{ policies: [{ backoff: -1 }] }, 'policies.0.backoff'],
      [{ defaults: { backoffJitter: [5, 1] } }, 'the first is greater than the second'],
      [{ random: 0.5 as never }, 'random: is not a function'],
      [{ now: 5 as never }, 'now: is not a function'],
    ];
    for (const [given, words] of options) expect(() => new RetryPlugin(given)).toThrow(words);
  });
});
