import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressIntervalMs, RunMeta } from '../../../src/executors/functions/run-meta.js';
import type { UpdateOutcome } from '../../../src/queue/executor.js';
import { claimedJob } from '../../contracts/executor-jobs.js';
import { RecordingQueue } from '../../contracts/executor-recording-queue.js';

describe('RunMeta', () => {
  const job = claimedJob({ meta: { kept: { a: 1 } }, attempts: 1, maxAttempts: 2 });
  let queue: RecordingQueue;
  let lost: ReturnType<typeof vi.fn<() => void>>;
  let meta: RunMeta;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    queue = new RecordingQueue();
    queue.claim(job);
    lost = vi.fn<() => void>();
    meta = new RunMeta(job, queue, lost);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const saved = (): unknown[] => queue.calls.map((call) => (call.job.meta as { progress?: unknown }).progress);

  it('gives the function a deep copy', () => {
    (meta.values['kept'] as { a: number }).a = 2;
    expect(job.meta).toEqual({ kept: { a: 1 } });
    expect(meta.end()).toEqual({ kept: { a: 2 } });
  });

  it('ends with the very meta of the job where nothing changed', () => {
    expect(meta.end()).toBe(job.meta);
  });

  it('ends with a meta of its own where progress was saved, even if nothing is left of it', () => {
    meta.progress(0.5, undefined);
    delete meta.values['progress'];
    const end = meta.end();
    expect(end).toEqual(job.meta);
    expect(end).not.toBe(job.meta);
  });

  it('saves the first progress at once and the last of each interval at its end', async () => {
    meta.progress(0.1, undefined);
    expect(saved()).toEqual([{ fraction: 0.1 }]);
    for (const fraction of [0.2, 0.3, 0.4]) {
      await vi.advanceTimersByTimeAsync(100);
      meta.progress(fraction, `at ${fraction}`);
    }
    expect(saved()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    expect(saved()).toEqual([{ fraction: 0.1 }, { fraction: 0.4, message: 'at 0.4' }]);
    expect(queue.calls[1]?.job).toEqual({ ...job, meta: { kept: { a: 1 }, progress: saved()[1] } });
    await vi.advanceTimersByTimeAsync(10 * progressIntervalMs);
    expect(saved()).toHaveLength(2);
    meta.progress(0.5, undefined);
    expect(saved()).toHaveLength(3);
  });

  it.each([
    [-1, 0],
    [2, 1],
    [0.5, 0.5],
    [Number.NaN, 0.25],
    [Infinity, 0.25],
    ['0.7' as unknown as number, 0.25],
    [10n as unknown as number, 0.25],
  ])('holds %s to 0..1', async (fraction, expected) => {
    meta.progress(0.25, undefined);
    meta.progress(fraction, undefined);
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    expect(meta.end()['progress']).toEqual({ fraction: expected });
  });

  it('begins no save after the end, and keeps the last progress for the result', async () => {
    meta.progress(0.1, undefined);
    await vi.advanceTimersByTimeAsync(10);
    meta.progress(0.9, 'nearly');
    expect(meta.end()['progress']).toEqual({ fraction: 0.9, message: 'nearly' });
    meta.progress(1, 'too late');
    expect(meta.end()['progress']).toEqual({ fraction: 0.9, message: 'nearly' });
    await vi.advanceTimersByTimeAsync(10 * progressIntervalMs);
    expect(saved()).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never has two saves under way', async () => {
    const finish: ((outcome: UpdateOutcome) => void)[] = [];
    const save = vi.spyOn(queue, 'saveMeta').mockImplementation(
      () =>
        new Promise((resolve) => {
          finish.push(resolve);
        }),
    );
    meta.progress(0.1, undefined);
    await vi.advanceTimersByTimeAsync(5 * progressIntervalMs);
    meta.progress(0.2, undefined);
    meta.progress(0.3, undefined);
    expect(save).toHaveBeenCalledTimes(1);
    finish[0]!('stored');
    await vi.advanceTimersByTimeAsync(0);
    expect(save).toHaveBeenCalledTimes(2);
    expect(save.mock.calls[1]?.[0].meta['progress']).toEqual({ fraction: 0.3 });
    meta.progress(0.4, undefined);
    meta.end();
    finish[1]!('stored');
    await vi.advanceTimersByTimeAsync(5 * progressIntervalMs);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('goes on after a save that failed', async () => {
    const save = vi.spyOn(queue, 'saveMeta').mockRejectedValueOnce(new Error('the database is away'));
    meta.progress(0.1, undefined);
    meta.progress(0.2, undefined);
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    expect(save).toHaveBeenCalledTimes(2);
    expect(lost).not.toHaveBeenCalled();
  });

  it('tells that the run is lost, and saves no more', async () => {
    queue.lose(job.id);
    meta.progress(0.1, undefined);
    meta.progress(0.2, undefined);
    await vi.advanceTimersByTimeAsync(5 * progressIntervalMs);
    meta.progress(0.3, undefined);
    await vi.advanceTimersByTimeAsync(5 * progressIntervalMs);
    expect(lost).toHaveBeenCalledOnce();
    expect(saved()).toHaveLength(1);
  });

  it('does not tell so after the end', async () => {
    queue.lose(job.id);
    meta.progress(0.1, undefined);
    meta.end();
    await vi.advanceTimersByTimeAsync(progressIntervalMs);
    expect(lost).not.toHaveBeenCalled();
  });

  it('saves what jsonb can hold, whatever the function put into meta', () => {
    meta.values['total'] = 10n;
    meta.progress(0.1, { odd: Symbol('message') } as unknown as string);
    expect(queue.calls[0]?.job.meta).toMatchObject({ total: '10', progress: { fraction: 0.1, message: {} } });
  });
});
