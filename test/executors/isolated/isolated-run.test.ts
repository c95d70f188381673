import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { IsolatedRun } from '../../../src/executors/isolated/isolated-run.js';
import type { RunReport } from '../../../src/executors/isolated/messages.js';
import type { RunnerListener, StartRunner } from '../../../src/executors/isolated/runner.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { claimedJob } from '../../contracts/executor-jobs.js';
import { RecordingQueue } from '../../contracts/executor-recording-queue.js';

const begun: RunReport = { kind: 'begun', threadId: 1 };
const ended = (meta: Record<string, unknown> = {}): RunReport => ({
  kind: 'ended',
  outcome: { kind: 'succeeded' },
  meta,
});
const died = new SpoolgateError('RUNNER_DIED', { detail: 'of nothing' });

describe('IsolatedRun', () => {
  let queue: RecordingQueue;
  let calls: string[];
  let listeners: RunnerListener[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    queue = new RecordingQueue();
    calls = [];
    listeners = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const start: StartRunner = (_order, memoryBytes, listener) => {
    listeners.push(listener);
    calls.push(memoryBytes === undefined ? 'start' : `start ${memoryBytes}`);
    return {
      abort: ({ code }) => calls.push(`abort ${code}`),
      kill: () => calls.push('kill'),
      release: (again) => calls.push(`release ${again}`),
    };
  };

  const runOf = (fields: Partial<QueuedJob> = {}, starter = start) => {
    const job = queue.claim(claimedJob(fields));
    const allowed = { roots: [], rowRoots: undefined, functions: {} };
    const run = new IsolatedRun({ job, queue, allowed, graceMs: 100, start: starter });
    return { run, outcome: run.outcome(), report: (report: RunReport) => listeners.at(-1)!.report(report) };
  };

  const codeOf = async (outcome: ReturnType<IsolatedRun['outcome']>): Promise<unknown> => {
    const settled = await outcome;
    return settled.kind === 'failed'
      ? [settled.error.code, settled.error.message?.replace(/^.*?: .*?(?:: |$)/, '')]
      : settled.kind;
  };

  it('takes the end that its runner reports, with the meta', async () => {
    const { run, outcome, report } = runOf({
      limits: [
        { t: 'memory', v: 7 },
        { t: 'memory', v: 9 },
      ],
    });
    report(begun);
    report(begun);
    expect(run.hasSettled).toBe(false);
    report(ended({ done: true }));
    expect(await outcome).toEqual({ kind: 'succeeded' });
    expect(run.hasSettled).toBe(true);
    await run.untilSettled();
    expect(run.endMeta()).toEqual({ done: true });
    expect(calls).toEqual(['start 7', 'release true']);
  });

  it('hears nothing after the end', async () => {
    const { run, outcome, report } = runOf();
    report(ended({ a: 1 }));
    report({ kind: 'meta', meta: { b: 2 } });
    listeners[0]!.lost(died);
    run.abort(new SpoolgateError('JOB_CANCELLED'));
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await outcome).toEqual({ kind: 'succeeded' });
    expect(run.endMeta()).toEqual({ a: 1 });
    expect(calls).toEqual(['start', 'release true']);
  });

  it('starts again, up to three times in all, where a runner dies before it has begun', async () => {
    const { outcome } = runOf();
    listeners[0]!.lost(died);
    listeners[0]!.lost(died);
    listeners[1]!.lost(died);
    expect(calls).toEqual(['start', 'start', 'start']);
    listeners[2]!.lost(died);
    const settled = await outcome;
    expect(settled).toMatchObject({ kind: 'failed', error: { code: 'RUNNER_NOT_STARTED', attempt: 0 } });
    expect(settled.kind === 'failed' && settled.error.traceback).toMatch(/of nothing/);
  });

  it('does not start again what has begun', async () => {
    const { outcome, report } = runOf();
    report(begun);
    listeners[0]!.lost(died);
    expect(await codeOf(outcome)).toEqual(['RUNNER_DIED', 'of nothing']);
    expect(calls).toEqual(['start']);
  });

  it('fails where no runner can be made', async () => {
    const { outcome } = runOf({}, () => {
      throw new Error('no more');
    });
    expect(await codeOf(outcome)).toEqual(['RUNNER_NOT_STARTED', '']);
  });

  it('gives up on a runner that never begins', async () => {
    const { outcome } = runOf();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toEqual(['start', 'kill']);
    listeners[0]!.lost(died);
    expect(await codeOf(outcome)).toEqual(['RUNNER_NOT_STARTED', 'not within 60 s']);
  });

  it('counts the time limit from the begin, tells, waits the grace, and uses force', async () => {
    const { outcome, report } = runOf({ limits: [{ t: 'time', v: 2 }] });
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls).toEqual(['start']);
    report(begun);
    await vi.advanceTimersByTimeAsync(1999);
    expect(calls).toEqual(['start']);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toEqual(['start', 'abort JOB_TIME_LIMIT']);
    await vi.advanceTimersByTimeAsync(100);
    expect(calls).toEqual(['start', 'abort JOB_TIME_LIMIT', 'kill']);
    listeners[0]!.lost(died);
    expect(await codeOf(outcome)).toEqual(['JOB_TIME_LIMIT', '2 s; it was ended by force']);
  });

  it('names no force where the runner died of the abort alone', async () => {
    const { run, outcome, report } = runOf();
    report(begun);
    run.abort(new SpoolgateError('JOB_CANCELLED'));
    listeners[0]!.lost(died);
    expect(await codeOf(outcome)).toEqual(['JOB_CANCELLED', '']);
  });

  it('lets a success stand that crosses the time limit, and not one that crosses a cancel', async () => {
    const late = runOf({ limits: [{ t: 'time', v: 1 }] });
    late.report(begun);
    await vi.advanceTimersByTimeAsync(1000);
    late.report(ended());
    expect(await late.outcome).toEqual({ kind: 'succeeded' });
    expect(calls.at(-1)).toBe('release false');
    const cancelled = runOf();
    cancelled.report(begun);
    cancelled.run.abort(new SpoolgateError('JOB_CANCELLED'));
    cancelled.report(ended());
    expect(await codeOf(cancelled.outcome)).toEqual(['JOB_CANCELLED', '']);
  });

  it('is interrupted where its worker stops and it does not end by itself', async () => {
    const { run, outcome, report } = runOf();
    report(begun);
    run.abort(new SpoolgateError('WORKER_STOPPING'));
    run.abort(new SpoolgateError('JOB_CANCELLED'));
    await vi.advanceTimersByTimeAsync(100);
    listeners[0]!.lost(died);
    expect(await outcome).toEqual({ kind: 'interrupted' });
  });

  it('is reported without its end where force is in vain, and settles with it', async () => {
    const { run, outcome, report } = runOf();
    report(begun);
    run.abort(new SpoolgateError('JOB_CANCELLED'));
    await vi.advanceTimersByTimeAsync(1100);
    expect(await codeOf(outcome)).toEqual([
      'JOB_CANCELLED',
      'it was ended by force, in vain: it keeps its place in the queue',
    ]);
    expect(run.hasSettled).toBe(false);
    report(begun);
    report(ended());
    await run.untilSettled();
    expect(run.hasSettled).toBe(true);
  });

  it('is told of a begin that comes after the abort', async () => {
    const { run, outcome, report } = runOf({ limits: [{ t: 'time', v: 1 }] });
    run.abort(new SpoolgateError('JOB_CANCELLED'));
    report(begun);
    listeners[0]!.lost(died);
    expect(await codeOf(outcome)).toEqual(['JOB_CANCELLED', 'it was ended by force']);
    expect(calls).toEqual(['start', 'kill']);
  });

  it('saves progress, and is cancelled where that shows that the run is another’s', async () => {
    const { run, report } = runOf();
    report(begun);
    report({ kind: 'meta', meta: { progress: { fraction: 0.1 } } });
    expect(queue.of(run.job.id, 'meta')).toMatchObject([{ job: { meta: { progress: { fraction: 0.1 } } } }]);
    queue.lose(run.job.id);
    report({ kind: 'meta', meta: { progress: { fraction: 0.2 } } });
    await vi.advanceTimersByTimeAsync(500);
    expect(calls).toEqual(['start', 'abort JOB_CANCELLED']);
  });
});
