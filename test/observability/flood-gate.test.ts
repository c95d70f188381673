import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FloodGate } from '../../src/observability/flood-gate.js';

const gateWith = (most: number): { gate: FloodGate; told: [string, number][] } => {
  const told: [string, number][] = [];
  const gate = new FloodGate({
    clock: () => performance.now(),
    most,
    windowMs: 10_000,
    onSuppressed: (key, count) => told.push([key, count]),
  });
  return { gate, told };
};

describe('the flood gate', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets the first of each window and each key pass, and tells how many did not when it ends', () => {
    const { gate, told } = gateWith(2);
    expect([1, 2, 3, 4].map(() => gate.pass('a'))).toEqual([true, true, false, false]);
    expect(gate.pass('b')).toBe(true);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([['a', 2]]);
    expect(gate.pass('a')).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells of windows that end one after the other', () => {
    const { gate, told } = gateWith(1);
    gate.pass('a');
    gate.pass('a');
    vi.advanceTimersByTime(4000);
    gate.pass('b');
    gate.pass('b');
    vi.advanceTimersByTime(6000);
    expect(told).toEqual([['a', 1]]);
    vi.advanceTimersByTime(4000);
    expect(told).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells the rest at the end and leaves no timer', () => {
    const { gate, told } = gateWith(1);
    gate.pass('a');
    gate.pass('a');
    gate.flush();
    expect(told).toEqual([['a', 1]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
