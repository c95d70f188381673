import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PostedMeta } from '../../../src/executors/isolated/posted-meta.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('posts the first progress at once, the last of an interval at its end, and nothing after the end', async () => {
  const posted: unknown[] = [];
  const meta = new PostedMeta({ kept: 1 }, (values) => posted.push(structuredClone(values['progress'])));
  meta.progress(0.1, undefined);
  meta.progress(0.2, 'two');
  meta.progress(0.3, 'three');
  expect(posted).toEqual([{ fraction: 0.1 }]);
  await vi.advanceTimersByTimeAsync(500);
  expect(posted).toEqual([{ fraction: 0.1 }, { fraction: 0.3, message: 'three' }]);
  meta.progress(0.4, undefined);
  meta.values['big'] = 1n;
  expect(meta.end()).toMatchObject({
    kept: 1,
    progress: { fraction: 0.4 },
    big: '1',
    meta_notes: ['big: a bigint became text'],
  });
  meta.progress(0.5, undefined);
  await vi.advanceTimersByTimeAsync(1000);
  expect(posted).toHaveLength(2);
});
