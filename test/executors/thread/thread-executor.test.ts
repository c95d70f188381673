import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { ThreadExecutor } from '../../../src/executors/thread/thread-executor.js';
import type { ThreadExecutorOptions } from '../../../src/executors/thread/thread-options.js';
import { recordingContext } from '../../contracts/executor-jobs.js';
import { IsolatedRig, seenBy } from '../isolated/isolated-rig.js';
import { sourceOptions } from '../isolated/source-options.js';
import { taskRoot } from '../isolated/task-root.js';

describe('ThreadExecutor', () => {
  const rig = new IsolatedRig<ThreadExecutorOptions>(
    (context, options) => new (ThreadExecutor.with({ ...sourceOptions, roots: [taskRoot], ...options }))(context),
  );
  afterEach(() => rig.end());

  it('gives a function its kwargs and context in another thread of this process', async () => {
    const executor = rig.executor();
    const result = await rig.run(executor, 'look', {
      kwargs: { to: ['ä', 1.5, null] },
      attempts: 1,
      meta: { kept: 1 },
    });
    const seen = { kwargs: { to: ['ä', 1.5, null] }, id: result.id, queue: 'conformance', attempt: 2, maxAttempts: 3 };
    expect(result).toMatchObject({ state: 'succeeded', meta: { kept: 1, seen: { ...seen, pid: process.pid } } });
    expect(seenBy(result).threadId).toBeGreaterThan(0);
  });

  it('starts threads when they are needed and uses them again', async () => {
    const executor = rig.executor();
    const threads: number[] = [];
    for (let run = 0; run < 3; run += 1) threads.push(seenBy(await rig.run(executor, 'look')).threadId);
    expect(new Set(threads).size).toBe(1);
  });

  it('runs as many at once as the machine can where the queue does not say', () => {
    const context = recordingContext({ concurrency: null });
    expect(new ThreadExecutor(context).claims(0)).toEqual([{ limit: availableParallelism() }]);
  });

  it('saves progress of a function that computes without ever waiting', async () => {
    const executor = rig.executor();
    const { job, pushed } = rig.begin(executor, 'compute', { kwargs: { ms: 1200 } });
    await pushed;
    const fractions = rig.context.queue
      .of(job.id, 'meta')
      .map((call) => (call.job.meta['progress'] as { fraction: number }).fraction);
    expect(fractions.length).toBeGreaterThanOrEqual(2);
    expect(fractions.at(-1)).toBeGreaterThan(0.3);
  });

  describe('W15: a time limit', () => {
    const limits = [{ t: 'time' as const, v: 0.2 }];

    it('W15: ends a function that never lets go of its thread', async () => {
      const executor = rig.executor({ graceMs: 50 });
      const result = await rig.run(executor, 'spin', { limits });
      expect(result).toMatchObject({
        state: 'retrying',
        attempts: 1,
        meta: { progress: { fraction: 0.5, message: 'spinning' } },
        errors: [
          { code: 'JOB_TIME_LIMIT', message: expect.stringMatching(/: 0\.2 s; it was ended by force$/) as string },
        ],
      });
      expect(executor.claims(0)).toEqual([{ limit: 2 }]);
      expect((await rig.run(executor, 'look')).state).toBe('succeeded');
    });

    it('W15: lets a function that heeds its signal tidy up', async () => {
      const result = await rig.run(rig.executor(), 'heedful', { limits, maxAttempts: 1 });
      expect(result).toMatchObject({
        state: 'failed',
        meta: { heard: 'JOB_TIME_LIMIT' },
        errors: [{ code: 'JOB_TIME_LIMIT' }],
      });
      expect(result.errors[0]?.message).toMatch(/: 0\.2 s$/);
    });

    it('does not reach a function that ends in time', async () => {
      const result = await rig.run(rig.executor(), 'look', { limits: [{ t: 'time', v: 60 }] });
      expect(result.state).toBe('succeeded');
    });
  });

  describe('cancel', () => {
    it.each(['heedful', 'returnsOnAbort', 'heedless', 'spin'])('ends %s, FAILED with JOB_CANCELLED', async (task) => {
      const executor = rig.executor({ graceMs: 50 });
      const { job, pushed, begun } = rig.begin(executor, task);
      await begun;
      expect(executor.cancel(job.id)).toBe(true);
      expect(executor.cancel(job.id)).toBe(true);
      await pushed;
      expect(rig.resultOf(job)).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'JOB_CANCELLED' }] });
    });

    it('ends a job whose thread is only just starting', async () => {
      const executor = rig.executor();
      const { job, pushed } = rig.begin(executor, 'spin');
      expect(executor.cancel(job.id)).toBe(true);
      await pushed;
      expect(rig.resultOf(job)).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_CANCELLED' }] });
    });

    it('follows the loss of the run to another worker', async () => {
      const executor = rig.executor({ graceMs: 20 });
      const { job, pushed } = rig.begin(executor, 'spin');
      rig.context.queue.lose(job.id);
      await pushed;
      expect(rig.resultOf(job)).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_CANCELLED' }] });
      expect(rig.resultOf(job).errors[0]?.message).toMatch(/no longer belongs to this worker/);
    });
  });

  describe('a thread that dies', () => {
    it.each<[string, string, Record<string, unknown>, RegExp]>([
      ['process.exit', 'exits', { code: 3 }, /its thread exited with code 3$/],
      ['a clean process.exit', 'exits', { code: 0 }, /its thread exited with code 0$/],
      ['an error that nobody catches', 'throwsLater', {}, /uncaught in its thread: nobody catches this$/],
      ['a rejection that nobody awaits', 'rejectsAside', {}, /uncaught in its thread: nobody awaits this$/],
    ])('fails its job after %s, once, and the next job gets another thread', async (_what, task, kwargs, words) => {
      const executor = rig.executor();
      const result = await rig.run(executor, task, { kwargs });
      expect(result).toMatchObject({ state: 'retrying', attempts: 1, errors: [{ code: 'RUNNER_DIED', attempt: 0 }] });
      expect(result.errors[0]?.message).toMatch(words);
      expect((await rig.run(executor, 'look')).state).toBe('succeeded');
    });

    it('fails a job that fills the heap of its memory limit; others have their own', async () => {
      const executor = rig.executor();
      const [full, other] = await Promise.all([
        rig.run(executor, 'fillsHeap', { limits: [{ t: 'memory', v: 32 * 2 ** 20 }] }),
        rig.run(executor, 'look', { limits: [{ t: 'memory', v: 1 }] }),
      ]);
      expect(full).toMatchObject({ state: 'retrying', errors: [{ code: 'JOB_MEMORY_LIMIT' }] });
      expect(full.errors[0]?.message).toMatch(/: 33554432 bytes of heap$/);
      expect(other.state).toBe('succeeded');
    });

    it('goes on when a thread dies of what an earlier job left behind', async () => {
      const executor = rig.executor();
      const left = await rig.run(executor, 'leavesBomb');
      expect(left.state).toBe('succeeded');
      const next = await rig.run(executor, 'look');
      if (next.state !== 'succeeded') expect(next.errors).toMatchObject([{ code: 'RUNNER_DIED' }]);
      expect((await rig.run(executor, 'look')).state).toBe('succeeded');
    });

    it('says so where no thread can be started', async () => {
      const executor = rig.executor({ execArgv: ['--import', 'data:text/javascript,throw new Error("no loader")'] });
      const result = await rig.run(executor, 'look');
      expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'RUNNER_NOT_STARTED' }] });
      expect(result.errors[0]?.traceback).toMatch(/no loader/);
    });
  });

  it('keeps the place of a thread that waits inside native code, until it ends', async () => {
    const executor = rig.executor({ graceMs: 10 });
    const { job, pushed } = rig.begin(executor, 'blocks', {
      kwargs: { seconds: 2.5 },
      limits: [{ t: 'time', v: 0.1 }],
    });
    await pushed;
    expect(rig.resultOf(job).errors[0]?.message).toMatch(/ended by force, in vain: it keeps its place/);
    expect(executor.claims(0)).toEqual([{ limit: 1 }]);
    const again = rig.context.queue.claim({ ...job, attempts: 1 });
    await executor.push(again, { limit: 1 });
    expect(rig.context.queue.of(job.id, 'release')).toMatchObject([{ delayMs: 5000 }]);
    await expect.poll(() => rig.context.woken, { timeout: 10_000 }).toBe(1);
    expect(executor.claims(0)).toEqual([{ limit: 2 }]);
  });

  describe('stop', () => {
    it.each(['heedful', 'spin'])('gives back %s, uncounted', async (task) => {
      const executor = rig.executor({ graceMs: 30 });
      const { job, pushed, begun } = rig.begin(executor, task, { attempts: 1 });
      await begun;
      await executor.stop();
      await pushed;
      expect(rig.context.queue.of(job.id, 'update')).toEqual([]);
      expect(rig.context.queue.of(job.id, 'release')).toMatchObject([{ job: { attempts: 1, errors: [] } }]);
    });

    it('reports what ended well none the less', async () => {
      const executor = rig.executor();
      const { job, pushed, begun } = rig.begin(executor, 'returnsOnAbort');
      await begun;
      await executor.stop();
      await pushed;
      expect(rig.resultOf(job).state).toBe('succeeded');
    });
  });
});
