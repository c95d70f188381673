import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import type { JobContext, JobFunction } from '../../../src/executors/functions/job-function.js';
import { ModuleExecutor } from '../../../src/executors/module/module-executor.js';
import type { Executor } from '../../../src/queue/executor.js';
import { recordingContext } from '../../contracts/executor-jobs.js';
import { anyClaim, messageOf, WorkRig } from './work-rig.js';

describe('ModuleExecutor', () => {
  let rig: WorkRig;
  beforeEach(() => {
    rig = new WorkRig();
  });

  it('calls the function with the kwargs, its own copy, and the context', async () => {
    const kwargs = { to: ['a@example.org'], nested: { n: 1 } };
    let seen: { kwargs: typeof kwargs; context: JobContext } | undefined;
    const job = rig.job({ kwargs, attempts: 1, meta: { kept: 1 } });
    await rig
      .executorFor((given: typeof kwargs, jobContext) => {
        seen = { kwargs: structuredClone(given), context: jobContext };
        given.nested.n = 2;
      })
      .push(job, anyClaim);
    expect(seen?.kwargs).toEqual(kwargs);
    expect(kwargs.nested.n).toBe(1);
    expect(seen?.context).toMatchObject({
      id: job.id,
      queue: job.queue,
      attempt: 2,
      maxAttempts: 3,
      meta: { kept: 1 },
    });
    expect(Object.isFrozen(seen?.context)).toBe(true);
    expect(seen?.context.signal.aborted).toBe(false);
  });

  it.each<[string, JobFunction]>([
    ['a plain function', () => 'ignored'],
    ['an async function', () => Promise.resolve(Number.NaN)],
    // oxlint-disable-next-line unicorn/no-thenable -- any thenable is a promise to await
    ['a thenable', () => ({ then: (done: (value: unknown) => void) => done(1n) })],
  ])('awaits %s', async (_what, work) => {
    expect(await rig.run(work)).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  it.each<[string, JobFunction]>([
    [
      'throws',
      () => {
        throw new Error('on purpose');
      },
    ],
    ['rejects', () => Promise.reject(new Error('on purpose'))],
    [
      'has a then that throws',
      () =>
        // oxlint-disable-next-line unicorn/no-thenable -- a hostile thenable is the point
        Object.defineProperty({}, 'then', {
          get: () => {
            throw new Error('on purpose');
          },
        }),
    ],
  ])('fails the run of a function that %s', async (_what, work) => {
    const result = await rig.run(work);
    expect(result).toMatchObject({ state: 'retrying', attempts: 1, completedAt: null });
    expect(result.errors[0]).toMatchObject({ message: 'on purpose', attempt: 0 });
    expect(result.errors[0]?.traceback).toContain('module-executor.test');
  });

  it('fails a class that is named as a function', async () => {
    class Work {
      readonly made = true;
    }
    expect(messageOf(await rig.run(Work as unknown as JobFunction))).toMatch(/cannot be invoked without 'new'/);
  });

  it.each<[string, string]>([
    ['nobody.knows', 'FUNCTION_NOT_ALLOWED'],
    ['constructor', 'FUNCTION_NOT_ALLOWED'],
  ])('fails %s with %s, and retries it while attempts remain', async (func, code) => {
    expect(await rig.run(() => 1, { func })).toMatchObject({ state: 'retrying', errors: [{ code }] });
    expect(await rig.run(() => 1, { func, maxAttempts: 1 })).toMatchObject({ state: 'failed', errors: [{ code }] });
  });

  it('fails at once with an error of the table for which a retry is not safe', async () => {
    const work = (): never => {
      throw new SpoolgateError('THERMAL_FAULT');
    };
    expect(await rig.run(work)).toMatchObject({ state: 'failed', errors: [{ code: 'THERMAL_FAULT' }] });
  });

  it('stores the meta that the function left, after a failure too', async () => {
    const result = await rig.run(
      (_kwargs, { meta }) => {
        meta['seen'] = 3;
        meta['total'] = 5n;
        throw new Error('on purpose');
      },
      { meta: { kept: true } },
    );
    expect(result.meta).toEqual({ kept: true, seen: 3, total: '5', meta_notes: ['total: a bigint became text'] });
  });

  it('does not let the function put another object in the place of meta', async () => {
    const result = await rig.run((_kwargs, jobContext) => {
      (jobContext as { meta: unknown }).meta = {};
    });
    expect(messageOf(result)).toMatch(/Cannot assign to read only property 'meta'/);
  });

  it('saves progress while the function runs, none after its end', async () => {
    let late: JobContext['progress'] | undefined;
    const job = rig.job();
    await rig
      .executorFor(async (_kwargs, { progress }) => {
        progress(0.5, 'half');
        late = progress;
        await nextTurn();
        progress(0.9);
      })
      .push(job, anyClaim);
    late?.(1);
    expect(rig.context.queue.of(job.id, 'meta').map((call) => call.job.meta)).toEqual([
      { progress: { fraction: 0.5, message: 'half' } },
    ]);
    expect(rig.resultOf(job).meta).toEqual({ progress: { fraction: 0.9 } });
    expect(rig.context.queue.calls.at(-1)?.kind).toBe('update');
  });

  it('aborts the signal when a save of progress finds that the run is lost', async () => {
    const job = rig.job();
    rig.context.queue.lose(job.id);
    await rig
      .executorFor(async (_kwargs, { progress, signal }) => {
        progress(0.5);
        await once(signal, 'abort');
        throw signal.reason;
      })
      .push(job, anyClaim);
    expect(messageOf(rig.resultOf(job))).toMatch(/^JOB_CANCELLED.*no longer belongs to this worker$/);
    expect(rig.context.queue.of(job.id, 'update')[0]?.outcome).toBe('stale');
  });

  describe('with', () => {
    it('gives classes that allow different things, under their names', async () => {
      const one = ModuleExecutor.with({ name: 'MailTasks', functions: { work: () => 1 } });
      const two = ModuleExecutor.with({ functions: { other: () => 1 } });
      expect([ModuleExecutor.name, one.name, two.name]).toEqual(['ModuleExecutor', 'MailTasks', 'ModuleExecutor']);
      expect(new one(rig.context)).toBeInstanceOf(ModuleExecutor);
      const job = rig.job();
      const executor: Executor = new two(rig.context);
      await executor.push(job, anyClaim);
      expect(rig.resultOf(job)).toMatchObject({ errors: [{ code: 'FUNCTION_NOT_ALLOWED' }] });
    });

    it('allows nothing as it comes', async () => {
      const job = rig.job();
      const executor: Executor = new ModuleExecutor(rig.context);
      await executor.push(job, anyClaim);
      expect(rig.resultOf(job)).toMatchObject({ errors: [{ code: 'FUNCTION_NOT_ALLOWED' }] });
    });

    it("refuses options of the queue's row that it does not know", () => {
      const row = recordingContext({ options: { functions: ['child_process.exec'] } });
      expect(() => new ModuleExecutor(row)).toThrow(/^QUEUE_INVALID/);
    });

    it('passes a failure to store on to the worker', async () => {
      const executor = rig.executorFor(() => 1);
      rig.context.queue.pushJobUpdate = () => Promise.reject(new Error('cannot be stored'));
      await expect(executor.push(rig.job(), anyClaim)).rejects.toThrow('cannot be stored');
    });
  });

  it('runs ten jobs at once by default', () => {
    const executor = new ModuleExecutor(recordingContext());
    expect(executor.claims(0)).toEqual([{ limit: 10 }]);
  });
});
