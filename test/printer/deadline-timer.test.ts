import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineTimer } from '../../src/printer/deadline-timer.js';

describe('a deadline timer', () => {
  let fired = 0;
  let timer: DeadlineTimer;
  beforeEach(() => {
    vi.useFakeTimers();
    fired = 0;
    const beganMs = Date.now();
    timer = new DeadlineTimer(
      () => Date.now() - beganMs,
      () => {
        fired += 1;
      },
    );
  });
  afterEach(() => {
    timer.stop();
    vi.useRealTimers();
  });

  it('fires once, when the deadline has passed and not before', () => {
    timer.set(100);
    vi.advanceTimersByTime(99);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(fired).toBe(1);
  });

  it('follows a deadline that moves, with one timer', () => {
    for (let now = 0; now < 50; now += 10) {
      timer.set(now + 100);
      vi.advanceTimersByTime(10);
    }
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(89);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(11);
    expect(fired).toBe(1);
  });

  it('fires sooner when the deadline moves closer', () => {
    timer.set(1000);
    timer.set(10);
    vi.advanceTimersByTime(10);
    expect(fired).toBe(1);
  });

  it('does not fire when called off or stopped', () => {
    timer.set(10);
    timer.set(undefined);
    vi.advanceTimersByTime(100);
    timer.set(200);
    timer.stop();
    vi.advanceTimersByTime(1000);
    expect(fired).toBe(0);
  });

  it('takes a deadline that has passed, in the next turn', () => {
    timer.set(-5);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
  });
});
