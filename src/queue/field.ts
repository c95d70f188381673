import { z } from 'zod';
import { JsonFault, type JsonObject, plainJsonObject } from './plain-json.js';
import { textFault } from './stored-text.js';

/** Zod types for the fields of rows that we write. */

/** A text that Postgres takes as it is. `most` counts characters as Postgres does, by code point; `mostBytes` is for indexes. */
export const storedText = (options: { least?: number; most?: number; mostBytes?: number } = {}) =>
  z.string().check((context) => {
    const { value } = context;
    const { least = 0, most = Infinity, mostBytes = Infinity } = options;
    const report = (message: string): void => {
      context.issues.push({ code: 'custom', message, input: value });
    };
    const fault = textFault(value);
    if (fault !== undefined) report(fault);
    if (value.length < least) report('is empty');
    if (value.length > most && Array.from(value).length > most) report(`is longer than ${most} characters`);
    if (Buffer.byteLength(value) > mostBytes) report(`is longer than ${mostBytes} bytes`);
  });

/** A Postgres `integer`. */
export const int32 = (least = -(2 ** 31)) =>
  z
    .int()
    .min(least)
    .max(2 ** 31 - 1);

/** A JSON object that jsonb and Python take as it is; comes out as a frozen copy. */
export const jsonObject = (field: string) =>
  z.unknown().transform((value, context): JsonObject => {
    try {
      return plainJsonObject(value, field);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: value });
      return z.NEVER;
    }
  });

/** A time that both Postgres and Python's datetime can hold. */
export const storedTime = () =>
  z
    .date()
    .min(new Date('0001-01-02T00:00:00Z'))
    .max(new Date('9999-12-30T00:00:00Z'))
    // A Date is mutable, and what has been checked must stay so.
    .transform((time) => new Date(time));

/** What zod found, in one line that names each field. */
export const faultText = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => {
      const field = path.map(String).join('.');
      return field === '' || message.startsWith(field) ? message : `${field}: ${message}`;
    })
    .join('; ');
