import { SpoolgateError } from '../errors/spoolgate-error.js';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment as a person writes it: `+90s`, `+30m`, `+2h`, `+1d` from now; `22:30`, the next one by this machine's clock; or a date with
 * or without a time, `2025-12-01T08:00` (local) or `...Z`. Throws USAGE.
 */
export const parseTime = (text: string, now = new Date()): Date => {
  const after = /^\+(\d+(?:\.\d+)?)(s|m|min|h|d)$/.exec(text);
  if (after) return checked(new Date(now.getTime() + Number(after[1]) * (unitMs[after[2] ?? ''] ?? 0)), text);
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) {
    const time = new Date(now);
    time.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    if (time <= now) time.setDate(time.getDate() + 1);
    return time;
  }
  // A date alone would be midnight in UTC to Date; people mean their own.
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T');
  return checked(new Date(/^\d{4}-\d{2}-\d{2}T/.test(date) ? date : Number.NaN), text);
};

const checked = (time: Date, text: string): Date => {
  if (!Number.isNaN(time.getTime())) return time;
  throw new SpoolgateError('USAGE', {
    detail: `${JSON.stringify(text)} is no time; write +30m, 22:30 or 2025-12-01T08:00`,
  });
};
