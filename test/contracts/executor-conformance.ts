import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Claim, Executor, ExecutorContext } from '../../src/queue/executor.js';
import type { QueuedJob } from '../../src/queue/queued-job.js';
import { claimedJob, recordingContext, type RecordingContext } from './executor-jobs.js';

type JobFields = Pick<QueuedJob, 'func' | 'kwargs'> & Partial<QueuedJob>;

/** An implementation of Executor, with jobs that show what every one of them must do. */
export interface ExecutorUnderTest {
  create(context: ExecutorContext): Executor | Promise<Executor>;
  /** A job that succeeds. */
  readonly succeeding: JobFields;
  /** A job that fails in a way that a retry may mend. */
  readonly failing: JobFields;
  /** Jobs that fail with something strange: thrown objects that cannot be read, texts that Postgres refuses. */
  readonly hostile?: Readonly<Record<string, JobFields>>;
  /**
   * A job that runs until it is cancelled, `begun`, which resolves once its code runs, and `finish`, which ends it. Where it cannot be
   * cancelled: one that takes long enough to be.
   */
  readonly endless: { readonly job: JobFields; begun(executor: Executor): Promise<void>; finish?(): void };
  /** Whether `cancel` of a running job ends it. */
  readonly cancels: boolean;
  /** Whether a run that will be retried is due later than it was. */
  readonly delaysRetries?: boolean;
  /** Lets go of what the jobs used. */
  dispose?(): Promise<void>;
}

const anyClaim: Claim = { limit: 1 };

/** What the worker stores of a result: the rest of the job must come back as it was. */
const written = new Set(['state', 'attempts', 'completedAt', 'errors', 'meta']);
const unwritten = (job: QueuedJob): Record<string, unknown> =>
  Object.fromEntries(Object.entries(job).filter(([key]) => !written.has(key)));

const isStorable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text);

/** The conformance suite of the Executor contract. Run it over every implementation. */
export const describeExecutor = (name: string, make: () => Promise<ExecutorUnderTest> | ExecutorUnderTest): void => {
  describe(`${name} as an Executor`, () => {
    let subject: ExecutorUnderTest;
    let context: RecordingContext;
    let executor: Executor;
    let stopping: Promise<void> | undefined;

    const create = async (concurrency: number | null): Promise<void> => {
      context = recordingContext({ concurrency });
      executor = await subject.create(context);
      stopping = undefined;
      await executor.start();
    };

    /** Stops the executor; once, as the contract has it. */
    const stop = async (): Promise<void> => {
      stopping ??= executor.stop();
      await stopping;
    };

    beforeEach(async () => {
      subject = await make();
      await create(3);
    });

    afterEach(async () => {
      subject.endless.finish?.();
      await stop();
      await subject.dispose?.();
    });

    const push = async (job: QueuedJob): Promise<void> => executor.push(context.queue.claim(job), anyClaim);

    /** Runs a job and returns its one result. */
    const resultOf = async (job: QueuedJob): Promise<QueuedJob> => {
      await push(job);
      const updates = context.queue.of(job.id, 'update');
      expect(updates).toHaveLength(1);
      expect(context.queue.of(job.id, 'release')).toHaveLength(0);
      expect(context.queue.calls.at(-1)?.kind).toBe('update');
      return updates[0]!.job;
    };

    it('keeps what it was constructed with', () => {
      expect(executor.queue).toBe(context.queue);
      expect(executor.workerId).toBe('worker-1');
      expect(executor.options).toEqual({});
    });

    it('reports a success once: SUCCEEDED, one attempt more, completed now', async () => {
      const job = claimedJob(subject.succeeding);
      const before = Date.now();
      const result = await resultOf(job);
      expect(result).toMatchObject({ state: 'succeeded', attempts: 1, errors: [] });
      expect(result.completedAt?.getTime()).toBeGreaterThanOrEqual(before);
      expect(result.completedAt?.getTime()).toBeLessThanOrEqual(Date.now());
      expect(unwritten(result)).toEqual(unwritten(job));
    });

    it('keeps the errors of earlier runs when a later one succeeds', async () => {
      const errors = [{ traceback: 'the first run', attempt: 0 }];
      const result = await resultOf(claimedJob({ ...subject.succeeding, attempts: 1, maxAttempts: 3, errors }));
      expect(result).toMatchObject({ state: 'succeeded', attempts: 2, errors });
    });

    it('reports RETRYING while attempts remain: not completed, due as before, one error with the 0-based attempt', async () => {
      const earlier = [{ traceback: 'the first run', attempt: 0 }];
      const job = claimedJob({ ...subject.failing, attempts: 1, maxAttempts: 3, errors: earlier });
      const result = await resultOf(job);
      expect(result).toMatchObject({ state: 'retrying', attempts: 2, completedAt: null });
      const { scheduledAt } = subject.delaysRetries ? result : job;
      expect(unwritten(result)).toEqual(unwritten({ ...job, scheduledAt }));
      expect(scheduledAt.getTime()).toBeGreaterThanOrEqual(job.scheduledAt.getTime());
      expect(result.errors).toHaveLength(2);
      expect(result.errors[0]).toEqual(earlier[0]);
      expect(result.errors[1]?.attempt).toBe(1);
      expect(result.errors[1]?.traceback).not.toBe('');
    });

    it.each([
      ['the only attempt', 0, 1],
      ['the last attempt', 2, 3],
      ['an attempt beyond the last', 5, 3],
    ])('reports FAILED, completed now, after %s', async (_which, attempts, maxAttempts) => {
      const before = Date.now();
      const result = await resultOf(claimedJob({ ...subject.failing, attempts, maxAttempts }));
      expect(result).toMatchObject({ state: 'failed', attempts: attempts + 1 });
      expect(result.completedAt?.getTime()).toBeGreaterThanOrEqual(before);
      expect(result.errors).toHaveLength(1);
      expect(result.errors[0]?.attempt).toBe(attempts);
    });

    it('does not change the job that it was given', async () => {
      const job = claimedJob({ ...subject.failing, meta: { kept: [1] } });
      const copy = structuredClone(job);
      await push(job);
      expect(job).toEqual(copy);
    });

    it('keeps the meta that the job came with', async () => {
      const meta = { workflow_id: 'abc', retry_settings: { backoff: 3 } };
      const results = [
        await resultOf(claimedJob({ ...subject.succeeding, meta })),
        await resultOf(claimedJob({ ...subject.failing, meta })),
      ];
      for (const result of results) expect(result.meta).toMatchObject(meta);
    });

    it('ends push only once the result is stored', async () => {
      const store = context.queue.hold();
      const job = claimedJob(subject.succeeding);
      let ended = false;
      const pushed = push(job).then(() => {
        ended = true;
      });
      await context.queue.until(() => context.queue.of(job.id, 'update').length === 1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(ended).toBe(false);
      store();
      await pushed;
    });

    it('takes a refused result quietly', async () => {
      const job = claimedJob({ ...subject.failing, maxAttempts: 3 });
      context.queue.claim(job);
      context.queue.lose(job.id);
      await executor.push(job, anyClaim);
      expect(context.queue.of(job.id, 'update')).toMatchObject([{ outcome: 'stale' }]);
      expect(context.queue.calls).toHaveLength(1);
    });

    it('runs jobs beside each other and reports each once', async () => {
      const jobs = [
        claimedJob(subject.succeeding),
        claimedJob(subject.failing),
        claimedJob({ ...subject.succeeding, maxAttempts: 2 }),
      ];
      await Promise.all(jobs.map(push));
      const states = jobs.map(({ id }) => context.queue.of(id, 'update').map(({ job }) => job.state));
      expect(states).toEqual([['succeeded'], ['failed'], ['succeeded']]);
    });

    it('never claims more than its concurrency leaves', async () => {
      for (const concurrency of [1, 3, null]) {
        await stop();
        await create(concurrency);
        const most = concurrency ?? (executor.constructor as typeof Executor).defaultConcurrency;
        expect(most).toBeGreaterThanOrEqual(1);
        for (let running = 0; running <= most + 2; running += 1) {
          const claims = executor.claims(running);
          const claimed = claims.reduce((sum, { limit }) => sum + limit, 0);
          expect(claimed).toBeLessThanOrEqual(Math.max(0, most - running));
          for (const { limit } of claims) expect(Number.isInteger(limit) && limit > 0).toBe(true);
        }
      }
    });

    it('knows nothing of a job that is not running', async () => {
      expect(executor.cancel('6f9619ff-8b86-4d01-b42d-00cf4fc964ff')).toBe(false);
      const job = claimedJob(subject.succeeding);
      await push(job);
      expect(executor.cancel(job.id)).toBe(false);
    });

    it('stops at once when nothing runs, and only reports what it ran', async () => {
      const job = claimedJob(subject.succeeding);
      await push(job);
      await stop();
      expect(context.queue.of(job.id, 'update')).toHaveLength(1);
    });

    const hostile = (label: string): JobFields | undefined => subject.hostile?.[label];

    it('reports failures that are hard to put into words, in a form that can be stored', async () => {
      for (const label of Object.keys(subject.hostile ?? {})) {
        const result = await resultOf(claimedJob({ ...hostile(label)!, maxAttempts: 2 }));
        expect([label, result.state]).toEqual([label, 'retrying']);
        const [error] = result.errors;
        expect(typeof error?.traceback, label).toBe('string');
        for (const text of [error?.traceback, error?.message ?? '', error?.code ?? ''])
          expect(isStorable(text!), label).toBe(true);
        expect(JSON.parse(JSON.stringify(result.errors)), label).toEqual(result.errors);
        expect(JSON.stringify(result.errors).length, label).toBeLessThan(100_000);
      }
    });

    it('ends a cancelled job early if it says so, never with a success or a retry', async () => {
      const { endless } = subject;
      const job = claimedJob({ ...endless.job, maxAttempts: 3 });
      const pushed = push(job);
      await endless.begun(executor);
      context.queue.lose(job.id);
      expect(executor.cancel(job.id)).toBe(subject.cancels);
      if (!subject.cancels) endless.finish?.();
      await pushed;
      const updates = context.queue.of(job.id, 'update');
      expect(updates.length).toBeLessThanOrEqual(1);
      const results = updates.map(({ job: { state, attempts, completedAt } }) => [
        state,
        attempts,
        completedAt !== null,
      ]);
      if (subject.cancels) for (const result of results) expect(result).toEqual(['failed', 1, true]);
    });

    it('stops while a job runs, which then is reported or given back once', async () => {
      const { endless } = subject;
      const job = claimedJob({ ...endless.job, maxAttempts: 3 });
      const pushed = push(job);
      await endless.begun(executor);
      await stop();
      endless.finish?.();
      await pushed;
      const ends = [...context.queue.of(job.id, 'update'), ...context.queue.of(job.id, 'release')];
      expect(ends).toHaveLength(1);
      expect(ends[0]?.kind === 'release' ? ends[0].job.attempts : ends[0]!.job.attempts - 1).toBe(0);
    });
  });
};
