import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable } from '../../src/errors/error-table.js';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { type PrintExtent, printExtents } from '../../src/printer/print-outcome.js';
import { judgeRetry } from '../../src/printing/retry-policy.js';

const judge = (code: ErrorCode, extent: PrintExtent = 'nothing', attempts = 1, maxAttempts = 3) =>
  judgeRetry({ error: new SpoolgateError(code), extent, attempts, maxAttempts });

const codes = Object.keys(errorTable) as ErrorCode[];

describe('whether a failed print is tried again', () => {
  it('never is it after something was extruded, whatever the error', () => {
    for (const code of codes) expect(judge(code, 'extruded')).toEqual({ state: 'failed' });
  });

  it.each(printExtents.filter((extent) => extent !== 'extruded'))(
    'it is after %s, by an error that lets it, while attempts remain',
    (extent) => {
      expect(judge('PORT_BUSY', extent)).toMatchObject({ state: 'retrying' });
      expect(judge('PORT_BUSY', extent, 2)).toMatchObject({ state: 'retrying' });
      expect(judge('PORT_BUSY', extent, 3)).toEqual({ state: 'failed' });
      expect(judge('PORT_BUSY', extent, 9)).toEqual({ state: 'failed' });
    },
  );

  it.each(['KWARGS_INVALID', 'FILE_CUT_SHORT', 'CANCELLED', 'THERMAL_FAULT', 'LINK_LOST', 'PRINTER_UNKNOWN'] as const)(
    'never is it after %s',
    (code) => {
      expect(judge(code)).toEqual({ state: 'failed' });
    },
  );

  it.each(['PORT_NOT_FOUND', 'PORT_BUSY', 'NO_BANNER', 'LINK_LOST_BEFORE_START', 'EXTRUSION_UNRECORDED'] as const)(
    'it is after %s',
    (code) => {
      expect(judge(code)).toMatchObject({ state: 'retrying' });
    },
  );

  it('waits ever longer, 10 s at first and 5 min at most', () => {
    const delays = [1, 2, 3, 4, 5, 6, 50].map((attempts) => {
      const answer = judge('PORT_BUSY', 'nothing', attempts, 100);
      return answer.state === 'retrying' ? answer.delayMs : NaN;
    });
    const longest = [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000];
    for (const [index, delay] of delays.entries()) {
      expect(delay).toBeLessThanOrEqual(longest[index]!);
      expect(delay).toBeGreaterThanOrEqual(longest[index]! * 0.8 - 1);
      expect(Number.isInteger(delay)).toBe(true);
    }
  });
});
