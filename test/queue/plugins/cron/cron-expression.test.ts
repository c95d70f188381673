import { describe, expect, it } from 'vitest';
import { newCronTimes, storedCronTimes } from '../../../../src/queue/plugins/cron/cron-expression.js';

const after = new Date('2026-01-01T00:00:00.500Z');

const next = (read: typeof newCronTimes, text: string): string | undefined => {
  const times = read(text);
  return times.ok ? (times.next(after)?.toISOString() ?? 'never') : `refused: ${times.reason}`;
};

describe('cron expressions', () => {
  it.each([
    ['*/5 * * * *', '2026-01-01T00:05:00.000Z'],
    ['  */5   * * *\t* ', '2026-01-01T00:05:00.000Z'],
    ['30 4 15 * 5', '2026-01-02T04:30:00.000Z'],
    ['0 12 * JAN-mar MON', '2026-01-05T12:00:00.000Z'],
    ['0 0 * * 7', '2026-01-04T00:00:00.000Z'],
    ['0 0 L * *', '2026-01-31T00:00:00.000Z'],
    ['0 0 * * 1#2', '2026-01-12T00:00:00.000Z'],
    ['10-20/5 * * * *', '2026-01-01T00:10:00.000Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
    ['0 0 30 2 *', 'never'],
    ['@hourly', '2026-01-01T01:00:00.000Z'],
    ['@midnight', '2026-01-02T00:00:00.000Z'],
    ['@yearly', '2027-01-01T00:00:00.000Z'],
    // Chancy's sixth field is the seconds, and stands at the end.
    ['* * * * * 15', '2026-01-01T00:00:15.000Z'],
    ['0 1 * * * */20', '2026-01-01T01:00:00.000Z'],
  ])('%s comes next at %s, for us and as Python reads it', (text, time) => {
    expect(next(newCronTimes, text)).toBe(time);
    expect(next(storedCronTimes, text)).toBe(time);
  });

  it.each([
    ['', 'has not five fields'],
    ['* * * *', 'has not five fields'],
    ['* * * * * * 2030', 'has not five fields'],
    ['@reboot', 'has not five fields'],
    ['60 * * * *', 'Invalid value for minute'],
    ['*/0 * * * *', 'illegal stepping'],
    ['5/15 * * * *', 'not allowed'],
    ['* 22-2 * * *', 'larger'],
    ['0 0 ? * *', 'day: "?" is not understood'],
    ['0 0 15W * *', 'day: "15W" is not understood'],
    ['0 0 LW * *', 'day: "LW" is not understood'],
    ['0 0 * * +MON', 'weekday: "+MON" is not understood'],
    ['0 0 * * 5L', 'weekday: "5L" is not understood'],
    ['0 0 * JANUARY *', 'month: "JANUARY" is not understood'],
    ['MON * * * *', 'minute: "MON" is not understood'],
    ['* * * * * x', 'second: "x" is not understood'],
    ['1,,2 * * * *', 'minute: "1,,2" is not understood'],
  ])('%s is not written, as Python might not read it so', (text, reason) => {
    expect(next(newCronTimes, text)).toContain('refused: ');
    expect(next(newCronTimes, text)).toContain(reason);
  });

  it.each([
    ['5/15 * * * *', '2026-01-01T00:05:00.000Z'],
    ['0 22-2 * * *', '2026-01-01T01:00:00.000Z'],
    ['0 12 * * FRI-MON', '2026-01-02T12:00:00.000Z'],
    ['0 0 1 nov-FEB *', '2026-02-01T00:00:00.000Z'],
    ['0 0 1 1 * 0 2030', '2030-01-01T00:00:00.000Z'],
    ['0 0 1 1 * 0 2020', 'never'],
  ])('%s of Python comes next at %s', (text, time) => {
    expect(next(storedCronTimes, text)).toBe(time);
  });

  it.each(['', 'x', '@reboot', '2099-01-01T00:00:00', '* * * *', '* * * * * * * *', 'a * * * *', '1-60 * * * *'])(
    '%s of anybody is refused',
    (text) => {
      expect(next(storedCronTimes, text)).toMatch(/^refused: ./);
    },
  );
});
