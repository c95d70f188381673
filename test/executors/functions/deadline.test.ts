import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { deadline } from '../../../src/executors/functions/deadline.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const day = 86_400_000;

it('is due once, after its time', () => {
  const due = vi.fn();
  deadline(1500, due);
  vi.advanceTimersByTime(1499);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(due).toHaveBeenCalledOnce();
});

it('may be longer than one timer of Node', () => {
  const due = vi.fn();
  deadline(60 * day, due);
  vi.advanceTimersByTime(60 * day - 1);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(due).toHaveBeenCalledOnce();
});

it.each([100, 60 * day])('of %d ms can be called off', (ms) => {
  const due = vi.fn();
  const callOff = deadline(ms, due);
  vi.advanceTimersByTime(ms / 2);
  callOff();
  callOff();
  vi.advanceTimersByTime(ms);
  expect(due).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
