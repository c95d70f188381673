import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobFunction } from '../../../src/executors/functions/job-function.js';
import type { Executor } from '../../../src/queue/executor.js';
import { Limit } from '../../../src/queue/limit.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { taskFolder } from './task-folder.js';
import { anyClaim, messageOf, WorkRig } from './work-rig.js';

describe('ModuleExecutor, told to end a run', () => {
  let rig: WorkRig;
  beforeEach(() => {
    rig = new WorkRig();
  });

  describe('cancel', () => {
    const untilAbort: JobFunction = async (_kwargs, { signal }) => delay(60_000, undefined, { signal });

    it.each<[string, JobFunction, boolean]>([
      ['rejects with an AbortError', untilAbort, false],
      ['throws the reason', (_kwargs, { signal }) => once(signal, 'abort').then(() => signal.throwIfAborted()), false],
      ['returns early', (_kwargs, { signal }) => once(signal, 'abort'), false],
      [
        'fails while it tidies up',
        (_kwargs, { signal }) =>
          once(signal, 'abort').then(() => {
            throw new Error('tidying');
          }),
        true,
      ],
      ['does not heed the signal', () => new Promise(() => undefined), false],
    ])('ends a run FAILED with JOB_CANCELLED when the function %s', async (_what, work, hasCause) => {
      const job = rig.job();
      const executor = rig.executorFor(work);
      const pushed = executor.push(job, anyClaim);
      await nextTurn();
      expect(executor.cancel(job.id)).toBe(true);
      expect(executor.cancel(job.id)).toBe(true);
      await pushed;
      const result = rig.resultOf(job);
      expect(result).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'JOB_CANCELLED' }] });
      expect(result.errors[0]?.traceback.includes('Caused by: Error: tidying')).toBe(hasCause);
    });

    it('does not even begin a function that was cancelled while its module was loaded', async () => {
      const folder = await taskFolder({
        'slow.mjs':
          'await new Promise((resolve) => setTimeout(resolve, 50)); export const work = () => { globalThis.slowRan = true; };',
      });
      try {
        const executor = rig.executor({ roots: [folder.path], graceMs: 5000 });
        const job = rig.job({ func: 'slow.work' });
        const pushed = executor.push(job, anyClaim);
        executor.cancel(job.id);
        await pushed;
        expect(rig.resultOf(job)).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_CANCELLED' }] });
        expect(globalThis).not.toHaveProperty('slowRan');
      } finally {
        await folder.remove();
      }
    });

    it('survives an error that cannot be examined', async () => {
      const job = rig.job();
      const executor = rig.executorFor((_kwargs, { signal }) =>
        once(signal, 'abort').then(() => {
          throw new Proxy(new Error('x'), {
            getPrototypeOf: () => {
              throw new Error('no');
            },
          });
        }),
      );
      const pushed = executor.push(job, anyClaim);
      await nextTurn();
      executor.cancel(job.id);
      await pushed;
      expect(rig.resultOf(job)).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_CANCELLED' }] });
    });
  });

  describe('time limit', () => {
    it('aborts and retries; the first limit of its kind counts', async () => {
      const limits = [Limit.memory(1), { t: 'time' as const, v: 0.02 }, Limit.time(60)];
      const result = await rig.run(async (_kwargs, { signal }) => delay(60_000, undefined, { signal }), { limits });
      expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'JOB_TIME_LIMIT' }] });
      expect(messageOf(result)).toMatch(/: 0\.02 s$/);
    });

    it('fails the last attempt', async () => {
      const limits = [{ t: 'time' as const, v: 0.01 }];
      const result = await rig.run(() => new Promise(() => undefined), { limits, maxAttempts: 1 });
      expect(result).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_TIME_LIMIT' }] });
      expect(messageOf(result)).toMatch(/: 0\.01 s; its function does not heed the signal/);
    });

    it('covers the loading of the module', async () => {
      const folder = await taskFolder({
        'stuck.mjs': 'await new Promise(() => undefined); export const work = () => 1;',
      });
      try {
        const executor = rig.executor({ roots: [folder.path], graceMs: 5 });
        const job = rig.job({ func: 'stuck.work', limits: [{ t: 'time', v: 0.05 }] });
        await executor.push(job, anyClaim);
        expect(rig.resultOf(job)).toMatchObject({ state: 'retrying', errors: [{ code: 'JOB_TIME_LIMIT' }] });
      } finally {
        await folder.remove();
      }
    });

    it('does not reach a function that ends in time', async () => {
      expect(await rig.run(() => delay(1), { limits: [Limit.time(1)] })).toMatchObject({ state: 'succeeded' });
    });
  });

  describe('a function that goes on after its run was reported', () => {
    let finish: () => void;
    let executor: Executor;
    let job: QueuedJob;

    beforeEach(async () => {
      const work: JobFunction = () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        });
      executor = rig.executorFor(work, 1);
      job = rig.job({ limits: [{ t: 'time', v: 0.005 }] });
      await executor.push(job, anyClaim);
    });
    afterEach(() => finish());

    it('keeps its place until it ends, and then wakes the worker', async () => {
      expect(executor.claims(0)).toEqual([{ limit: 1 }]);
      expect(executor.claims(1)).toEqual([]);
      expect(rig.context.woken).toBe(0);
      finish();
      await nextTurn();
      expect(rig.context.woken).toBe(1);
      expect(executor.claims(0)).toEqual([{ limit: 2 }]);
    });

    it('has its late result dropped', async () => {
      finish();
      await nextTurn();
      expect(rig.resultOf(job)).toMatchObject({ state: 'retrying', errors: [{ code: 'JOB_TIME_LIMIT' }] });
      expect(rig.context.queue.calls).toHaveLength(1);
    });

    it('keeps the job from being run twice at a time here', async () => {
      const again = rig.context.queue.claim({ ...job, attempts: 1 });
      await executor.push(again, anyClaim);
      expect(rig.context.queue.of(job.id, 'release')).toMatchObject([{ delayMs: 5000, job: { attempts: 1 } }]);
      finish();
      await nextTurn();
      const third = rig.context.queue.claim({ ...job, attempts: 1, limits: [] });
      const pushed = executor.push(third, anyClaim);
      await nextTurn();
      finish();
      await pushed;
      expect(rig.context.queue.of(job.id, 'update').at(-1)?.job).toMatchObject({ state: 'succeeded', attempts: 2 });
    });

    it('keeps its place while its result waits for the database', async () => {
      const store = rig.context.queue.hold();
      const other = rig.job({ limits: [{ t: 'time', v: 0.005 }] });
      const pushed = executor.push(other, anyClaim);
      await rig.context.queue.until(() => rig.context.queue.of(other.id, 'update').length === 1);
      expect(executor.claims(1)).toEqual([]);
      finish();
      await nextTurn();
      store();
      await pushed;
      expect(executor.claims(0)).toEqual([{ limit: 1 }]);
      expect(rig.context.woken).toBe(0);
    });
  });

  describe('stop', () => {
    it('gives back what it interrupted, untouched and uncounted', async () => {
      const job = rig.job({ attempts: 1 });
      const executor = rig.executorFor(async (_kwargs, { signal }) => delay(60_000, undefined, { signal }), 5000);
      const pushed = executor.push(job, anyClaim);
      await nextTurn();
      await executor.stop();
      await pushed;
      expect(rig.context.queue.calls).toMatchObject([{ kind: 'release', job: { attempts: 1, errors: [] } }]);
      expect(rig.context.queue.calls[0]?.delayMs).toBeUndefined();
    });

    it('reports what ended well none the less', async () => {
      const job = rig.job();
      const executor = rig.executorFor((_kwargs, { signal }) => once(signal, 'abort'), 5000);
      const pushed = executor.push(job, anyClaim);
      await nextTurn();
      await executor.stop();
      await pushed;
      expect(rig.resultOf(job).state).toBe('succeeded');
    });

    it('waits no longer than the grace for a function that does not heed the signal, and reports it when it ends', async () => {
      let finish = (): void => undefined;
      const job = rig.job();
      const executor = rig.executorFor(
        () =>
          new Promise<void>((resolve) => {
            finish = resolve;
          }),
        5,
      );
      const pushed = executor.push(job, anyClaim);
      await nextTurn();
      await executor.stop();
      expect(rig.context.queue.calls).toEqual([]);
      finish();
      await pushed;
      expect(rig.resultOf(job).state).toBe('succeeded');
    });
  });
});
