import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { parseTime } from './parse-time.js';

/** Zod types for what stands behind a flag: always text on the way in. */

export const wholeNumber = ({ least = -(2 ** 31), most = 2 ** 31 - 1 } = {}) =>
  z
    .string()
    .regex(/^[+-]?\d{1,15}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.int().min(least, `is less than ${least}`).max(most, `is more than ${most}`));

export const positiveNumber = ({ most = 1e6 } = {}) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'is not a number')
    .transform(Number)
    .pipe(z.number().positive('is not above 0').max(most, `is more than ${most}`));

/** A moment in any of parse-time's forms. */
export const moment = () =>
  z.string().transform((text, context): Date => {
    try {
      return parseTime(text);
    } catch (error) {
      if (!(error instanceof SpoolgateError)) throw error;
      context.issues.push({ code: 'custom', message: error.detail ?? error.message, input: text });
      return z.NEVER;
    }
  });

/** A JSON object on the command line. */
export const jsonObject = () =>
  z.string().transform((text, context): Record<string, unknown> => {
    try {
      const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
    } catch {
      // Said below.
    }
    context.issues.push({ code: 'custom', message: `${text.slice(0, 60)} is no JSON object`, input: text });
    return z.NEVER;
  });

/** A comma-separated list. */
export const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
