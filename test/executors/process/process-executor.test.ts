import { afterEach, describe, expect, it } from 'vitest';
import { ProcessExecutor } from '../../../src/executors/process/process-executor.js';
import type { ProcessExecutorOptions } from '../../../src/executors/process/process-options.js';
import { Limit } from '../../../src/queue/limit.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { IsolatedRig, seenBy } from '../isolated/isolated-rig.js';
import { sourceOptions } from '../isolated/source-options.js';
import { taskRoot } from '../isolated/task-root.js';
import { isRunning } from './process-id.js';

const hasProc = process.platform === 'linux';

describe('ProcessExecutor', () => {
  const rig = new IsolatedRig<ProcessExecutorOptions>(
    (context, options) => new (ProcessExecutor.with({ ...sourceOptions, roots: [taskRoot], ...options }))(context),
  );
  afterEach(() => rig.end());

  it('gives a function its kwargs and context in another process', async () => {
    const kwargs = { to: ['ä😀', 1.5, null] };
    const result = await rig.run(rig.executor(), 'look', { kwargs, attempts: 1, meta: { kept: 1 } });
    const seen = { kwargs, id: result.id, queue: 'conformance', attempt: 2, maxAttempts: 3, threadId: 0 };
    expect(result).toMatchObject({ state: 'succeeded', meta: { kept: 1, seen } });
    expect(seenBy(result).pid).not.toBe(process.pid);
  });

  it('uses a process again, for so many jobs', async () => {
    const executor = rig.executor({ maximumJobsPerWorker: 2 });
    const pids: number[] = [];
    for (let run = 0; run < 4; run += 1) pids.push(seenBy(await rig.run(executor, 'look')).pid);
    expect([pids[0] === pids[1], pids[1] === pids[2], pids[2] === pids[3]]).toEqual([true, false, true]);
  });

  it('takes the number of jobs of a process from the row of the queue', async () => {
    const executor = rig.executor({}, { maximum_jobs_per_worker: 1 });
    const pids = [seenBy(await rig.run(executor, 'look')).pid, seenBy(await rig.run(executor, 'look')).pid];
    expect(pids[0]).not.toBe(pids[1]);
  });

  it.runIf(hasProc)('ends a process that is idle, and starts another when there is work', async () => {
    const executor = rig.executor({ idleMs: 1 });
    const { pid } = seenBy(await rig.run(executor, 'look'));
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    expect(seenBy(await rig.run(executor, 'look')).pid).not.toBe(pid);
  });

  it('has the environment of the worker, or the one that it is given', async () => {
    process.env['SEEN'] = 'the worker’s';
    try {
      expect(seenBy(await rig.run(rig.executor(), 'look'))['env']).toBe('the worker’s');
    } finally {
      delete process.env['SEEN'];
    }
    expect(seenBy(await rig.run(rig.executor({ env: { SEEN: 'its own' } }), 'look'))['env']).toBe('its own');
  });

  it('runs nothing outside of what is allowed, whatever the row says', async () => {
    const executor = rig.executor({ roots: [] }, { roots: [taskRoot] });
    expect((await rig.run(executor, 'look')).errors).toMatchObject([{ code: 'FUNCTION_NOT_ALLOWED' }]);
    const narrowed = rig.executor({}, { roots: ['nothing'] });
    expect((await rig.run(narrowed, 'look')).errors).toMatchObject([{ code: 'FUNCTION_NOT_ALLOWED' }]);
  });

  it('is not disturbed by what a job says on the line to the worker', async () => {
    expect((await rig.run(rig.executor(), 'lies')).state).toBe('succeeded');
  });

  describe('a time limit', () => {
    const limits = [{ t: 'time' as const, v: 0.2 }];

    it('ends a function that never lets go, by force, and its process', async () => {
      const executor = rig.executor({ graceMs: 50 });
      const result = await rig.run(executor, 'spin', { limits });
      expect(result).toMatchObject({
        state: 'retrying',
        meta: { progress: { fraction: 0.5, message: 'spinning' } },
        errors: [{ code: 'JOB_TIME_LIMIT' }],
      });
      expect(result.errors[0]?.message).toMatch(/: 0\.2 s; it was ended by force$/);
      expect((await rig.run(executor, 'look')).state).toBe('succeeded');
    });

    it('lets a function that heeds its signal tidy up', async () => {
      const result = await rig.run(rig.executor(), 'heedful', { limits, maxAttempts: 1 });
      expect(result).toMatchObject({ state: 'failed', meta: { heard: 'JOB_TIME_LIMIT' } });
      expect(result.errors[0]?.message).toMatch(/: 0\.2 s$/);
    });
  });

  describe('cancel', () => {
    it.each(['heedful', 'heedless', 'spin'])('ends %s, FAILED with JOB_CANCELLED', async (task) => {
      const executor = rig.executor({ graceMs: 50 });
      const { job, pushed, begun } = rig.begin(executor, task);
      await begun;
      expect(executor.cancel(job.id)).toBe(true);
      await pushed;
      expect(rig.resultOf(job)).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'JOB_CANCELLED' }] });
    });

    it('ends a job whose process is only just starting', async () => {
      const executor = rig.executor();
      const { job, pushed } = rig.begin(executor, 'spin');
      executor.cancel(job.id);
      await pushed;
      expect(rig.resultOf(job)).toMatchObject({ state: 'failed', errors: [{ code: 'JOB_CANCELLED' }] });
    });

    it.runIf(hasProc)('ends what the job has started too', async () => {
      const executor = rig.executor({ graceMs: 50 });
      const { job, pushed, begun } = rig.begin(executor, 'hasChild');
      await begun;
      const childPid = rig.context.queue.of(job.id, 'meta')[0]!.job.meta['childPid'] as number;
      expect(await isRunning(childPid)).toBe(true);
      executor.cancel(job.id);
      await pushed;
      await expect.poll(() => isRunning(childPid)).toBe(false);
    });
  });

  describe('W14: a process that dies', () => {
    it.each<[string, string, Record<string, unknown>, RegExp]>([
      ['process.exit', 'exits', { code: 3 }, /its process exited with code 3$/],
      ['a clean process.exit', 'exits', { code: 0 }, /its process exited with code 0$/],
      [
        'SIGKILL, as of the out-of-memory killer',
        'killsItself',
        { signal: 'SIGKILL' },
        /ended by SIGKILL, as the system/,
      ],
      ['a segmentation fault', 'killsItself', { signal: 'SIGSEGV' }, /its process was ended by SIGSEGV$/],
      ['an uncaught error', 'throwsLater', {}, /exited with code 1; its last words: [^]*nobody catches this/],
      ['an unhandled rejection', 'rejectsAside', {}, /exited with code 1; its last words: [^]*nobody awaits this/],
      ['closing the line to the worker', 'disconnects', {}, /The line to the worker is closed/],
    ])(
      'W14: fails its job once after %s, and the next job gets another process',
      async (_what, task, kwargs, words) => {
        const executor = rig.executor();
        const result = await rig.run(executor, task, { kwargs });
        expect(result).toMatchObject({ state: 'retrying', attempts: 1, errors: [{ code: 'RUNNER_DIED', attempt: 0 }] });
        expect(result.errors[0]?.message).toMatch(words);
        expect(executor.claims(0)).toEqual([{ limit: 2 }]);
        expect((await rig.run(executor, 'look')).state).toBe('succeeded');
      },
    );

    it('W14: does not lose other jobs, nor their places', async () => {
      const executor = rig.executor();
      const { job, pushed, begun } = rig.begin(executor, 'returnsOnAbort');
      await begun;
      expect(await rig.run(executor, 'exits', { kwargs: { code: 1 } })).toMatchObject({ state: 'retrying' });
      expect(await rig.run(executor, 'look')).toMatchObject({ state: 'succeeded' });
      expect(rig.context.queue.of(job.id, 'update')).toEqual([]);
      executor.cancel(job.id);
      await pushed;
    });

    it('W14: goes on when an idle one dies', async () => {
      const executor = rig.executor();
      for (let run = 0; run < 3; run += 1) {
        const { pid } = seenBy(await rig.run(executor, 'look'));
        process.kill(pid, 'SIGKILL');
        expect((await rig.run(executor, 'look')).state).toBe('succeeded');
      }
    });

    it('says so where no process can be started', async () => {
      const executor = rig.executor({ execArgv: ['--import', 'data:text/javascript,throw new Error("no loader")'] });
      const result = await rig.run(executor, 'look');
      expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'RUNNER_NOT_STARTED' }] });
      expect(result.errors[0]?.traceback).toMatch(/no loader/);
    });

    it('says so where the system takes no such process', async () => {
      const executor = rig.executor({ env: { LONG: 'x'.repeat(5_000_000) } });
      const result = await rig.run(executor, 'look');
      expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'RUNNER_NOT_STARTED' }] });
      expect(result.errors[0]?.traceback).toMatch(/E2BIG/);
    });
  });

  describe('a memory limit', () => {
    it.each<[string, ProcessExecutorOptions, QueuedJob['limits'], RegExp]>([
      ['its own', {}, [Limit.memory(250 * 2 ** 20), Limit.memory(1)], /262144000/],
      ['that of all', { execArgv: [...sourceOptions.execArgv, '--max-old-space-size=40'] }, [], /heap is full$/],
    ])('ends a job that fills its heap: %s', async (_whose, options, limits, words) => {
      const executor = rig.executor(options);
      const result = await rig.run(executor, 'fillsHeap', { limits });
      expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'JOB_MEMORY_LIMIT' }] });
      expect(result.errors[0]?.message).toMatch(words);
    });

    it.runIf(hasProc)('ends a job that takes memory outside of the heap', async () => {
      const executor = rig.executor();
      const result = await rig.run(executor, 'fillsBuffers', { limits: [{ t: 'memory', v: 300 * 2 ** 20 }] });
      expect(result).toMatchObject({ state: 'retrying', errors: [{ code: 'JOB_MEMORY_LIMIT' }] });
      expect(result.errors[0]?.message).toMatch(/its process has \d+ bytes in use, 314572800 are allowed/);
      expect((await rig.run(executor, 'look')).state).toBe('succeeded');
    });

    it('has a process of its own for a job with such a limit', async () => {
      const executor = rig.executor();
      const { pid } = seenBy(await rig.run(executor, 'look'));
      const limited = await rig.run(executor, 'look', { limits: [{ t: 'memory', v: 2 ** 30 }] });
      expect(limited.state).toBe('succeeded');
      expect(seenBy(limited).pid).not.toBe(pid);
      expect(seenBy(await rig.run(executor, 'look')).pid).toBe(pid);
    });
  });

  describe('stop', () => {
    it.runIf(hasProc).each(['heedful', 'spin'])('gives back %s, uncounted, and leaves no process', async (task) => {
      const executor = rig.executor({ graceMs: 30 });
      const { pid } = seenBy(await rig.run(executor, 'look'));
      const { job, pushed, begun } = rig.begin(executor, task, { attempts: 1 });
      await begun;
      expect(await isRunning(pid)).toBe(true);
      await executor.stop();
      await pushed;
      expect(rig.context.queue.of(job.id, 'release')).toMatchObject([{ job: { attempts: 1, errors: [] } }]);
      expect(await isRunning(pid)).toBe(false);
    });

    it.runIf(hasProc)('ends what jobs have left behind', async () => {
      const executor = rig.executor();
      const childPid = (await rig.run(executor, 'leavesChild')).meta['childPid'] as number;
      expect(await isRunning(childPid)).toBe(true);
      await executor.stop();
      await expect.poll(() => isRunning(childPid)).toBe(false);
    });
  });
});
