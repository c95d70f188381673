import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobContext, JobFunction } from '../../../src/executors/functions/job-function.js';
import { ModuleExecutor } from '../../../src/executors/module/module-executor.js';
import { Job } from '../../../src/queue/job.js';
import { Limit } from '../../../src/queue/limit.js';
import { Queue } from '../../../src/queue/queue.js';
import { hostileThrows } from '../../contracts/executor-hostile-throws.js';
import { JobDatabase } from './job-database.js';
import { taskFolder } from './task-folder.js';

/** A function that says when it has begun. */
const watched = (work: (context: JobContext) => unknown): { begun: Promise<JobContext>; work: JobFunction } => {
  let tell: (context: JobContext) => void = () => undefined;
  const begun = new Promise<JobContext>((resolve) => {
    tell = resolve;
  });
  return {
    begun,
    work: (_kwargs: unknown, context) => {
      tell(context);
      return work(context);
    },
  };
};

describe('ModuleExecutor under a worker', () => {
  let database: JobDatabase;
  afterEach(() => database.end());

  /** A queue `work` declared in code, whose functions are these; its worker runs. */
  const serve = async (
    functions: Record<string, JobFunction>,
    options: { graceMs?: number; concurrency?: number } = {},
  ) => {
    const { graceMs = 50, concurrency = 4 } = options;
    const executor = ModuleExecutor.with({ functions, graceMs });
    database = await JobDatabase.create(
      { plugins: [new Queue({ name: 'work', executor, concurrency, pollingInterval: 1 })] },
      { shutdownTimeoutMs: 100 },
    );
    await database.worker.start();
  };
  const workJob = (fields: Partial<ConstructorParameters<typeof Job>[0]> = {}): Job =>
    new Job({ queue: 'work', func: 'work', ...fields });

  it('runs a function with its kwargs, and keeps its meta', async () => {
    await serve({
      work: ({ to }: { to: string[] }, { meta, attempt, maxAttempts, progress }) => {
        meta['seen'] = { to, attempt, maxAttempts };
        progress(1, 'done');
      },
    });
    const job = await database.run(workJob({ kwargs: { to: ['ä', '😀'] }, meta: { kept: 1 }, maxAttempts: 2 }));
    expect(job).toMatchObject({ state: 'succeeded', attempts: 1, errors: [] });
    expect(job.meta).toEqual({
      kept: 1,
      seen: { to: ['ä', '😀'], attempt: 1, maxAttempts: 2 },
      progress: { fraction: 1, message: 'done' },
    });
    expect(job.completedAt).not.toBeNull();
  });

  it('retries what throws and keeps each error', async () => {
    await serve({
      work: (_kwargs: unknown, { attempt }) => {
        if (attempt < 3) throw new Error(`run ${attempt}`, { cause: new TypeError('the reason') });
      },
    });
    const job = await database.run(workJob({ maxAttempts: 3 }));
    expect(job).toMatchObject({ state: 'succeeded', attempts: 3 });
    expect(job.errors).toEqual([
      {
        attempt: 0,
        message: 'run 1',
        traceback: expect.stringMatching(/^Error: run 1\n[^]*Caused by: TypeError: the reason\n/) as string,
      },
      { attempt: 1, message: 'run 2', traceback: expect.stringMatching(/^Error: run 2\n/) as string },
    ]);
  });

  it('fails what throws in its last run, and what it does not know', async () => {
    await serve({ work: () => Promise.reject(new Error('on purpose')) });
    const [thrown, unknown] = [
      await database.run(workJob({ maxAttempts: 2 })),
      await database.run(workJob({ func: 'os.exec' })),
    ];
    expect(thrown).toMatchObject({ state: 'failed', attempts: 2, errors: [{ attempt: 0 }, { attempt: 1 }] });
    expect(unknown).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'FUNCTION_NOT_ALLOWED' }] });
  });

  it('stores every strange error and meta, beside good results', async () => {
    await serve({
      ...hostileThrows,
      work: (_kwargs: unknown, { meta }) => {
        meta['text'] = 'a\0b\uD800';
        meta['list'] = [1n, Number.NaN, meta, Symbol('x')];
      },
    });
    const labels = Object.keys(hostileThrows);
    const references = await database.chancy.pushMany([...labels.map((func) => workJob({ func })), workJob()]);
    const jobs = await database.chancy.waitForJobs(references, { intervalMs: 50, timeoutMs: 20_000 });
    expect(jobs.map((job) => [job?.func, job?.state, job?.errors.length])).toEqual([
      ...labels.map((func) => [func, 'failed', 1]),
      ['work', 'succeeded', 0],
    ]);
    expect(jobs.at(-1)?.meta).toMatchObject({ text: 'a\uFFFDb\uFFFD', list: ['1', null, null, null] });
  });

  it('shows progress while the function runs', async () => {
    const { begun, work } = watched(async ({ progress, signal }) => {
      progress(0.25, 'a quarter');
      await once(signal, 'abort');
    });
    await serve({ work });
    const reference = await database.chancy.push(workJob());
    await begun;
    const row = await database.until(reference, ({ meta }) => 'progress' in meta);
    expect(row).toMatchObject({ state: 'running', meta: { progress: { fraction: 0.25, message: 'a quarter' } } });
    await database.chancy.cancelJob(reference);
  });

  it('ends a function that is cancelled, and leaves the row failed', async () => {
    let aborted: unknown;
    const { begun, work } = watched(async ({ signal }) => {
      await once(signal, 'abort');
      aborted = signal.reason;
    });
    await serve({ work });
    const reference = await database.chancy.push(workJob({ maxAttempts: 3 }));
    const { signal } = await begun;
    const heard = once(signal, 'abort');
    await database.chancy.cancelJob(reference);
    await heard;
    await database.worker.stop();
    expect(aborted).toMatchObject({ code: 'JOB_CANCELLED' });
    expect(await database.chancy.getJob(reference)).toMatchObject({ state: 'failed' });
  });

  it('ends a function whose time is up, and runs it again while attempts remain', async () => {
    await serve({ work: (_kwargs: unknown, { signal }) => delay(60_000, undefined, { signal }) });
    const job = await database.run(workJob({ limits: [Limit.time(1)], maxAttempts: 1 }));
    expect(job).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'JOB_TIME_LIMIT', attempt: 0 }] });
  });

  it('never has more at work than the queue allows, even if functions outlive their runs', async () => {
    let atWork = 0;
    let most = 0;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await serve(
      {
        work: async (_kwargs: unknown, { signal }) => {
          atWork += 1;
          most = Math.max(most, atWork);
          signal.addEventListener('abort', () => setTimeout(finish, 300));
          await finished;
          atWork -= 1;
        },
      },
      { concurrency: 1, graceMs: 1 },
    );
    const first = await database.chancy.push(workJob({ limits: [Limit.time(1)] }));
    const second = await database.chancy.push(workJob());
    expect(await database.ended(first)).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_TIME_LIMIT' }] });
    expect(await database.chancy.getJob(second)).toMatchObject({ state: 'pending' });
    expect(await database.ended(second)).toMatchObject({ state: 'succeeded' });
    expect(most).toBe(1);
  });

  it('gives back what a stop interrupts', async () => {
    const { begun, work } = watched(({ signal }) => delay(60_000, undefined, { signal }));
    await serve({ work }, { graceMs: 5000 });
    const reference = await database.chancy.push(workJob({ maxAttempts: 2 }));
    await begun;
    await database.worker.stop();
    expect(await database.chancy.getJob(reference)).toMatchObject({
      state: 'pending',
      attempts: 0,
      maxAttempts: 2,
      takenBy: null,
      errors: [],
    });
  });

  it('serves a queue that somebody declared in the database, by the name of its executor', async () => {
    const folder = await taskFolder({
      'mail/send.mjs': 'export const now = (kwargs, { meta }) => { meta.sent = kwargs.to; };',
      'other/secret.mjs': 'export const read = () => undefined;',
    });
    const executors = { ModuleExecutor: ModuleExecutor.with({ roots: [folder.path] }) };
    database = await JobDatabase.create({ executors });
    await database.worker.start();
    /** Resolves once the worker serves the queue as it is declared now. */
    const declare = async (executorOptions: Record<string, unknown>): Promise<void> => {
      const queue = new Queue({ name: 'mails', executor: 'spoolgate.ModuleExecutor', executorOptions });
      const served = new Promise((resolve) => {
        database.worker.events.on('worker.queue.started', resolve);
      });
      await database.chancy.declare(queue, { upsert: true });
      await served;
    };
    try {
      await declare({});
      const send = new Job({ queue: 'mails', func: 'mail.send.now', kwargs: { to: 'ada' } });
      const read = new Job({ queue: 'mails', func: './other/secret.mjs#read' });
      expect(await database.run(send)).toMatchObject({ state: 'succeeded', meta: { sent: 'ada' } });
      expect(await database.run(read)).toMatchObject({ state: 'succeeded' });
      await declare({ roots: ['mail'] });
      expect(await database.run(send.withFunc('send.now'))).toMatchObject({ state: 'succeeded' });
      expect(await database.run(read)).toMatchObject({ state: 'failed', errors: [{ code: 'FUNCTION_UNKNOWN' }] });
      await declare({ roots: ['/'] });
      expect(await database.run(send)).toMatchObject({ state: 'failed', errors: [{ code: 'FUNCTION_NOT_ALLOWED' }] });
    } finally {
      await folder.remove();
    }
  });

  it('leaves alone a queue whose row has options that it does not know, and serves the others', async () => {
    const executors = { ModuleExecutor: ModuleExecutor.with({ functions: { work: () => undefined } }) };
    database = await JobDatabase.create({ executors }, { queuePollMs: 100 });
    const failed: string[] = [];
    database.worker.events.on('worker.queue.failed', ({ queue, error }) => failed.push(`${queue}: ${error}`));
    await database.worker.start();
    const executor = 'spoolgate.ModuleExecutor';
    await database.chancy.declare(new Queue({ name: 'odd', executor, executorOptions: { root: '/' } }));
    await database.chancy.declare(new Queue({ name: 'good', executor }));
    const odd = await database.chancy.push(new Job({ queue: 'odd', func: 'work' }));
    expect(await database.run(new Job({ queue: 'good', func: 'work' }))).toMatchObject({ state: 'succeeded' });
    expect(await database.chancy.getJob(odd)).toMatchObject({ state: 'pending' });
    expect(failed).toEqual([expect.stringMatching(/^odd: QUEUE_INVALID: .*executor_options of "odd".*root/s)]);
  });
});
