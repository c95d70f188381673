import { Cron as Croner } from 'croner';
import { errorText } from '../../../errors/spoolgate-error.js';
import { type CronField, CronFieldFault, cronFields, isPlainField, spellOut } from './cron-field.js';

export type CronTimes =
  | {
      readonly ok: true;
      /** The first time after `after`, in UTC; undefined when there is none. */
      readonly next: (after: Date) => Date | undefined;
    }
  | { readonly ok: false; readonly reason: string };

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Of an expression that Spoolgate writes: only what Python's croniter reads in the same way, as the row may run on either. */
export const newCronTimes = (text: string): CronTimes => {
  const parts = partsOf(text);
  if (parts.length !== 5 && parts.length !== 6) {
    return { ok: false, reason: 'has not five fields, or six with seconds at the end' };
  }
  const odd = eachField(parts).find(([part, field]) => !isPlainField(part, field));
  if (odd !== undefined) return { ok: false, reason: `${new CronFieldFault(odd[1], odd[0]).message} everywhere` };
  // Where a day and a weekday are given, croniter raises when the day alone never comes.
  const byDay = times(parts.with(4, '*'));
  if (byDay.ok && byDay.next(new Date(0)) === undefined) return { ok: false, reason: 'is never' };
  return times(parts);
};

/** Of an expression that any program has stored, as croniter reads it. */
export const storedCronTimes = (text: string): CronTimes => {
  const parts = partsOf(text);
  if (parts.length < 5 || parts.length > 7) return { ok: false, reason: 'has not five to seven fields' };
  return times(parts);
};

const partsOf = (text: string): readonly string[] => {
  const trimmed = text.trim();
  return (nicknames[trimmed] ?? trimmed).split(/\s+/);
};

const eachField = (parts: readonly string[]): readonly (readonly [string, CronField])[] =>
  cronFields.flatMap((field, index) => {
    const part = parts[index];
    return part === undefined ? [] : [[part, field] as const];
  });

const times = (parts: readonly string[]): CronTimes => {
  try {
    const plain = eachField(parts).map(([part, field]) => spellOut(part, field, parts.length === 5));
    const [minute, hour, everyDay, month, everyWeekday = '*', second = '0', ...year] = plain;
    const day = isWhole(everyDay, 31) && parts[4]?.includes('*') ? '*' : everyDay;
    const weekday = isWhole(everyWeekday, 7) && parts[2]?.includes('*') ? '*' : everyWeekday;
    // croniter's own reading of the two together depends on its version.
    if (day !== '*' && weekday.includes('#'))
      return { ok: false, reason: 'has a day beside a weekday of a certain week' };
    // croner wants the seconds first.
    const pattern = [second, minute, hour, day, month, weekday, ...year].join(' ');
    const croner = new Croner(pattern, { timezone: 'UTC', paused: true });
    return { ok: true, next: (after) => croner.nextRun(after) ?? undefined };
  } catch (error) {
    return { ok: false, reason: errorText(error) };
  }
};

/** Days and weekdays are taken together, so one that is spelled out whole counts as `*` for croniter, if the other has a `*` in it. */
const isWhole = (list: string | undefined, count: number): boolean => list?.split(',').length === count;
