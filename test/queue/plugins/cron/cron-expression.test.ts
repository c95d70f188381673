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
    ['*/15 9-17 * jan-jun mon-fri', '2026-01-01T09:00:00.000Z'],
    ['0 0 * * 3#5,2#1', '2026-01-06T00:00:00.000Z'],
    ['0 0 */7 * *', '2026-01-08T00:00:00.000Z'],
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
    ['0 0 30 2 *', 'is never'],
    ['0 0 31 4 1', 'is never'],
    ['60 * * * *', 'minute: "60" is not understood everywhere'],
    ['*/0 * * * *', 'minute: "*/0" is not understood everywhere'],
    ['*/60 * * * *', 'minute: "*/60" is not understood everywhere'],
    ['5/15 * * * *', 'minute: "5/15" is not understood everywhere'],
    ['* 22-2 * * *', 'hour: "22-2" is not understood everywhere'],
    ['* 2-2 * * *', 'hour: "2-2" is not understood everywhere'],
    ['* *,2 * * *', 'hour: "*,2" is not understood everywhere'],
    ['* *-2 * * *', 'hour: "*-2" is not understood everywhere'],
    ['0 0 ? * *', 'day: "?" is not understood everywhere'],
    ['0 0 15W * *', 'day: "15W" is not understood everywhere'],
    ['0 0 L,15 * *', 'day: "L,15" is not understood everywhere'],
    ['0 0 0 * *', 'day: "0" is not understood'],
    ['0 0 * * +MON', 'weekday: "+MON" is not understood everywhere'],
    ['0 0 * * 5L', 'weekday: "5L" is not understood everywhere'],
    ['0 0 * * 5-7', 'weekday: "5-7" is not understood everywhere'],
    ['0 0 * * 1#2,3', 'weekday: "1#2,3" is not understood everywhere'],
    ['0 0 1 * 1#2', 'has a day beside a weekday of a certain week'],
    ['0 0 * * 7 0', 'weekday: "7" is not understood'],
    ['0 0 * JANUARY *', 'month: "JANUARY" is not understood everywhere'],
    ['MON * * * *', 'minute: "MON" is not understood everywhere'],
    ['* * * * * x', 'second: "x" is not understood everywhere'],
    ['1,,2 * * * *', 'minute: "1,,2" is not understood everywhere'],
  ])('%s is not written, as Python might not read it so', (text, reason) => {
    expect(next(newCronTimes, text)).toContain('refused: ');
    expect(next(newCronTimes, text)).toContain(reason);
  });

  it.each([
    ['5/15 * * * *', '2026-01-01T00:05:00.000Z'],
    ['0 22-2 * * *', '2026-01-01T01:00:00.000Z'],
    ['0 22-2/3 * * *', '2026-01-01T02:00:00.000Z'],
    ['0 1,2-2 * * *', '2026-01-01T01:00:00.000Z'],
    ['0 12 * * FRI-MON', '2026-01-02T12:00:00.000Z'],
    ['0 12 * * sat-7', '2026-01-03T12:00:00.000Z'],
    ['0 12 * * *,1#2', '2026-01-12T12:00:00.000Z'],
    ['0 12 * * mon#2', '2026-01-12T12:00:00.000Z'],
    ['0 0 1 nov-FEB *', '2026-02-01T00:00:00.000Z'],
    ['0 0 1 nov-FEB/2 *', '2026-11-01T00:00:00.000Z'],
    ['0 0 ? * ?', '2026-01-02T00:00:00.000Z'],
    ['0 0 5,* * 1', '2026-01-05T00:00:00.000Z'],
    ['0 0 */1,1 * */6', '2026-01-03T00:00:00.000Z'],
    ['0 0 5 * 0-6,*/2', '2026-01-02T00:00:00.000Z'],
    ['0 0 */30 * */1', '2026-01-31T00:00:00.000Z'],
    ['0 0 1 1 * 0 2030', '2030-01-01T00:00:00.000Z'],
    ['0 0 1 1 * 0 2020', 'never'],
  ])('%s of Python comes next at %s', (text, time) => {
    expect(next(storedCronTimes, text)).toBe(time);
  });

  it.each([
    '',
    'x',
    '@reboot',
    '2099-01-01T00:00:00',
    '* * * *',
    '* * * * * * * *',
    'a * * * *',
    '1-60 * * * *',
    '*/0 * * * *',
    '? * * * *',
    '0 0 L,1 * *',
    '0 0 * * 1#6',
    '0 0 * * x#1',
    '0 0 1 * 1#1',
    '0 0 * * 1#1,2',
    '* * * * * 0 1969',
  ])('%s of anybody is refused', (text) => {
    expect(next(storedCronTimes, text)).toMatch(/^refused: ./);
  });
});
