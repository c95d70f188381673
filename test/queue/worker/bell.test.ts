import { describe, expect, it } from 'vitest';
import { Bell } from '../../../src/queue/worker/bell.js';

describe('Bell', () => {
  it('wakes who waits, long before the time', async () => {
    const bell = new Bell();
    const waiting = bell.wait(2 ** 40);
    bell.ring();
    bell.ring();
    await waiting;
  });

  it('keeps a ring for the next who waits, once', async () => {
    const bell = new Bell();
    bell.ring();
    await bell.wait(2 ** 40);
    const again = bell.wait(5).then(() => 'time');
    expect(await again).toBe('time');
  });

  it('ends when time is up, at once for a negative one', async () => {
    const bell = new Bell();
    await bell.wait(1);
    await bell.wait(-5);
  });

  it('ends when aborted, before and meanwhile', async () => {
    const bell = new Bell();
    const controller = new AbortController();
    const waiting = bell.wait(2 ** 40, controller.signal);
    controller.abort();
    await waiting;
    await bell.wait(2 ** 40, controller.signal);
  });
});
