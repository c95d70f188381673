import { Cron as Croner } from 'croner';

export type CronTimes =
  | {
      readonly ok: true;
      /** The first time after `after`, in UTC; undefined when there is none. */
      readonly next: (after: Date) => Date | undefined;
    }
  | { readonly ok: false; readonly reason: string };

const nicknames = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  /** What else croniter and croner both understand, as a whole part. */
  readonly also?: RegExp;
}

/** In croniter's order, which has the seconds last. */
const fields: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31, also: /^l$/i },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'weekday', least: 0, most: 6, names: weekdays, also: /^[0-7]#[1-5]$/ },
  { name: 'second', least: 0, most: 59 },
  { name: 'year', least: 1970, most: 2099 },
];

/** Of an expression that Spoolgate writes: only what Python's croniter reads in the same way, as the row may run on either. */
export const newCronTimes = (text: string): CronTimes => {
  const parts = text.trim().split(/\s+/);
  if (parts.length === 1 && nicknames.has(parts[0] ?? '')) return times(text.trim());
  if (parts.length !== 5 && parts.length !== 6) {
    return { ok: false, reason: 'has not five fields, or six with seconds at the end' };
  }
  for (const [index, part] of parts.entries()) {
    const field = fields[index];
    if (field !== undefined && !part.split(',').every((each) => isPlain(each, field))) {
      return { ok: false, reason: `${field.name}: ${JSON.stringify(part)} is not understood` };
    }
  }
  return times(inCronersOrder(parts));
};

const isPlain = (part: string, { names = [], also }: Field): boolean => {
  if (also?.test(part)) return true;
  const value = String.raw`(?:\d{1,2}${names.map((name) => `|${name}`).join('')})`;
  return new RegExp(`^(?:\\*|${value}(?:-${value})?)(?:/\\d{1,2})?$`, 'i').test(part);
};

/** Of an expression that any program has stored. */
export const storedCronTimes = (text: string): CronTimes => {
  const parts = text.trim().split(/\s+/);
  if (parts.length === 1) {
    return nicknames.has(parts[0] ?? '') ? times(text.trim()) : { ok: false, reason: 'is no cron expression' };
  }
  if (parts.length < 5 || parts.length > 7) return { ok: false, reason: 'has not five to seven fields' };
  return times(inCronersOrder(parts.map((part, index) => plainer(part, fields[index]))));
};

/** Spells out what croniter reads and croner does not: ranges over the end, and steps from a number on. */
const plainer = (text: string, field: Field | undefined): string => {
  if (field === undefined) return text;
  const { least, most, names } = field;
  const numbers = (names ?? []).reduce(
    (part, name, index) => part.replaceAll(new RegExp(`\\b${name}\\b`, 'gi'), `${index + least}`),
    text,
  );
  return numbers
    .split(',')
    .map((part) => {
      const [, start, step] = /^(\d+)\/(\d+)$/.exec(part) ?? [];
      if (start !== undefined) return `${start}-${most}/${step}`;
      const [, from, to] = /^(\d+)-(\d+)$/.exec(part) ?? [];
      if (from === undefined || to === undefined || Number(from) <= Number(to)) return part;
      return `${from}-${most},${least}-${to}`;
    })
    .join(',');
};

/** croner wants seconds first, and a year last. */
const inCronersOrder = ([minute, hour, day, month, weekday, second = '0', ...year]: readonly string[]): string =>
  [second, minute, hour, day, month, weekday, ...year].join(' ');

const times = (pattern: string): CronTimes => {
  try {
    const croner = new Croner(pattern, { timezone: 'UTC', paused: true });
    return { ok: true, next: (after) => croner.nextRun(after) ?? undefined };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
};
