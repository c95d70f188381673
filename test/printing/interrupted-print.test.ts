import { describe, expect, it } from 'vitest';
import { wasInterrupted } from '../../src/printing/interrupted-print.js';
import { claimedJob } from '../contracts/executor-jobs.js';

describe('an interrupted print', () => {
  it.each([
    [{ attempt: 1, extent: 'extruded', printer: 'a' }, 0, true],
    [{ attempt: 2, extent: 'extruded' }, 1, true],
    [{ attempt: 1, extent: 'extruded' }, 1, false],
    [{ attempt: 1 }, 0, false],
    [{ attempt: 1, extent: 'heated' }, 0, false],
    [{ attempt: '1', extent: 'extruded' }, 0, false],
    [null, 0, false],
    ['extruded', 0, false],
    [undefined, 0, false],
  ])('%j after %i ended runs: %s', (print, attempts, expected) => {
    expect(wasInterrupted({ ...claimedJob(), attempts, meta: { print } })).toBe(expected);
  });
});
