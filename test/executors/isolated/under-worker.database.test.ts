import { afterEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../src/events/event-bus.js';
import { ProcessExecutor } from '../../../src/executors/process/process-executor.js';
import { ThreadExecutor } from '../../../src/executors/thread/thread-executor.js';
import { Job, type JobOptions } from '../../../src/queue/job.js';
import { Limit } from '../../../src/queue/limit.js';
import { Queue } from '../../../src/queue/queue.js';
import { JobDatabase } from '../module/job-database.js';
import { sourceOptions } from './source-options.js';
import { taskRoot } from './task-root.js';

const options = { ...sourceOptions, roots: [taskRoot], graceMs: 50 };
const executors = {
  ThreadExecutor: ThreadExecutor.with(options),
  ProcessExecutor: ProcessExecutor.with({ ...options, env: { PATH: process.env['PATH'] ?? '' } }),
};

describe.each(Object.entries(executors))('%s under a worker', (name, executor) => {
  let database: JobDatabase;
  let events: EventBus;
  afterEach(() => database.end());

  const serve = async (): Promise<void> => {
    events = new EventBus();
    database = await JobDatabase.create(
      { plugins: [new Queue({ name: 'work', executor, concurrency: 2, pollingInterval: 1 })] },
      { shutdownTimeoutMs: 100, events },
    );
    await database.worker.start();
  };
  const job = (task: string, fields: Partial<JobOptions> = {}): Job =>
    new Job({ queue: 'work', func: `run-tasks.${task}`, ...fields });

  it('W14: fails a job that ends its thread or process, each time, and the queue goes on', async () => {
    await serve();
    const dead = await database.run(job('exits', { kwargs: { code: 9 }, maxAttempts: 2 }));
    expect(dead).toMatchObject({ state: 'failed', attempts: 2 });
    expect(dead.errors).toMatchObject([
      { code: 'RUNNER_DIED', attempt: 0 },
      { code: 'RUNNER_DIED', attempt: 1 },
    ]);
    expect(await database.run(job('look'))).toMatchObject({ state: 'succeeded' });
  });

  it('W15: stops a job whose time is up, though it never lets go', async () => {
    await serve();
    const result = await database.run(job('spin', { limits: [Limit.time(1)] }));
    expect(result).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'JOB_TIME_LIMIT' }] });
    expect(result.meta).toMatchObject({ progress: { fraction: 0.5, message: 'spinning' } });
  });

  it('ends a running job when it is cancelled', async () => {
    await serve();
    const refused = new Promise((resolve) => events.on('job.result_refused', resolve));
    const reference = await database.chancy.push(job('spin', { maxAttempts: 3 }));
    await database.until(reference, ({ meta }) => 'progress' in meta);
    await database.chancy.cancelJob(reference);
    await refused;
    expect(await database.chancy.getJob(reference)).toMatchObject({ state: 'failed', attempts: 0 });
    expect(await database.run(job('look'))).toMatchObject({ state: 'succeeded' });
  });

  it('puts back what runs when the worker stops', async () => {
    await serve();
    const reference = await database.chancy.push(job('spin', { maxAttempts: 3 }));
    await database.until(reference, ({ meta }) => 'progress' in meta);
    await database.worker.stop();
    expect(await database.chancy.getJob(reference)).toMatchObject({ state: 'pending', attempts: 0, takenBy: null });
  });

  it.runIf(name === 'ProcessExecutor')('tells the lines that a job writes as events', async () => {
    await serve();
    const said: unknown[] = [];
    const toStderr = new Promise<void>((resolve) => {
      events.on('job.output', ({ workerId: _worker, ...output }) => {
        said.push(output);
        if (said.length === 3) resolve();
      });
    });
    const { id } = await database.run(job('says', { kwargs: { lines: ['one', 'zwei ä'] } }));
    await toStderr;
    const output = { queue: 'work', jobId: id, attempt: 0 };
    expect(said).toHaveLength(3);
    expect(said).toEqual(
      expect.arrayContaining([
        { ...output, stream: 'stdout', line: 'one' },
        { ...output, stream: 'stdout', line: 'zwei ä' },
        { ...output, stream: 'stderr', line: 'to stderr' },
      ]),
    );
  });
});
