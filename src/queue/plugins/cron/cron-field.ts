/** A field of a cron expression, in croniter's order and with its bounds. */
export interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The seconds come sixth, and a year seventh. */
export const cronFields: readonly CronField[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'weekday', least: 0, most: 6, names: weekdays },
  { name: 'second', least: 0, most: 59 },
  { name: 'year', least: 1970, most: 2099 },
];

/** Why a field cannot be read. */
export class CronFieldFault extends Error {
  constructor(field: CronField, text: string) {
    super(`${field.name}: ${JSON.stringify(text)} is not understood`);
  }
}

/**
 * Spells a field out as croniter reads it: `*`, or a list of plain numbers, `L` or `3#2`, in which no two programs differ. `isFive` says
 * whether the expression has five fields: in longer ones croniter knows no Sunday 7.
 */
export const spellOut = (text: string, field: CronField, isFive: boolean): string => {
  if (field.name === 'day' && /^l$/i.test(text)) return 'L';
  if (text === '?' && field.name.endsWith('day')) return '*';
  const parts = text.toLowerCase().split(',');
  const nth = parts.filter((part) => field.name === 'weekday' && part.includes('#'));
  // Beside `3#2` croniter passes over a `*`, and refuses anything else.
  if (nth.length > 0 && parts.every((part) => nth.includes(part) || part === '*')) {
    return nth.map((part) => spellOutNth(part, field, isFive)).join(',');
  }
  if (parts.includes('*')) return '*';
  const numbers = new Set(parts.flatMap((part) => numbersOf(part, field, isFive)));
  return [...numbers].toSorted((a, b) => a - b).join(',');
};

const spellOutNth = (part: string, field: CronField, isFive: boolean): string => {
  const [, day, nth] = /^(\w+)#([1-5])$/.exec(part) ?? [];
  if (day === undefined) throw new CronFieldFault(field, part);
  return `${numberOf(day, field, isFive)}#${nth}`;
};

const numbersOf = (part: string, field: CronField, isFive: boolean): readonly number[] => {
  const { least, most } = field;
  const [, from, to, step = '1'] = /^(\w+|\*)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (from === undefined || (from === '*' && to !== undefined) || Number(step) === 0) {
    throw new CronFieldFault(field, part);
  }
  const first = from === '*' ? least : numberOf(from, field, isFive);
  if (to === undefined && !part.includes('/')) return [first];
  const last = to === undefined ? most : numberOf(to, field, isFive);
  return steps(first, last, Number(step), field);
};

/** A range as croniter walks it: over the end where it goes backwards, all around where it begins with its end. */
const steps = (first: number, last: number, step: number, { least, most }: CronField): readonly number[] => {
  const walk = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, index) => from + index * step);
  if (first === last) return walk(least, most);
  if (first < last) return walk(first, last);
  const toEnd = walk(first, most);
  const end = toEnd.at(-1) ?? first;
  const left = most - end;
  const isOver = end - least + step > most - least + 1;
  return [...toEnd, ...walk(least + (isOver && left < step ? step - left : 0), last)];
};

const numberOf = (text: string, field: CronField, isFive: boolean): number => {
  const { name, least, most, names } = field;
  const named = names?.indexOf(text) ?? -1;
  if (named >= 0) return named + least;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (name === 'weekday' && value === 7 && isFive) return 0;
  if (!(value >= least && value <= most)) throw new CronFieldFault(field, text);
  return value;
};

/**
 * Whether every program, and every version of croniter, reads a field in the same way: `*` and `L` alone, ranges that rise, steps in
 * ranges or from `*`, `3#2` without anything else.
 */
export const isPlainField = (text: string, field: CronField): boolean => {
  const { name, least, most, names = [] } = field;
  if (text === '*' || (name === 'day' && /^l$/i.test(text))) return true;
  const parts = text.toLowerCase().split(',');
  if (name === 'weekday' && parts.every((part) => /^[0-6]#[1-5]$/.test(part))) return true;
  const place = (value: string): number =>
    names.includes(value) ? names.indexOf(value) + least : /^\d{1,2}$/.test(value) ? Number(value) : NaN;
  return parts.every((part) => {
    const [, from = '', to, step] = /^(\w+|\*)(?:-(\w+))?(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (step !== undefined && !(Number(step) >= 1 && Number(step) <= most)) return false;
    if (from === '*') return to === undefined && step !== undefined;
    if (to === undefined) return step === undefined && (place(from) <= most || (name === 'weekday' && from === '7'));
    return place(from) < place(to) && place(to) <= most;
  });
};
