import { z } from 'zod';

const furthest = 8_640_000_000_000_000;

/**
 * A timestamptz for reading: pg gives a Date, ±Infinity for the database's `infinity`, or a text where the pool's owner has taken
 * pg's parser away. Microseconds are lost: never write such a time back.
 */
export const rowTime = z.union([
  z.date(),
  // Not z.number(), which has no infinities.
  z
    .custom<number>((value) => typeof value === 'number' && !Number.isNaN(value))
    .transform((time) => new Date(Math.max(-furthest, Math.min(furthest, time)))),
  z.string().transform((text, context) => {
    const time = new Date(text);
    if (Number.isNaN(time.getTime())) context.issues.push({ code: 'custom', message: 'is not a time', input: text });
    return time;
  }),
]);
