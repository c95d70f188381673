import { z } from 'zod';
import { jsonObject, moment, wholeNumber } from './option-types.js';

/** The flags of `spoolgate push`. */
export const pushOptions = z.object({
  printer: z.string().min(1).optional(),
  copies: wholeNumber({ least: 1, most: 1000 }).default(1),
  priority: wholeNumber().default(0),
  at: moment().optional(),
  uniqueKey: z.string().min(1).optional(),
  maxAttempts: wholeNumber({ least: 1 }).optional(),
  queue: z.string().min(1).optional(),
  spoolDir: z.string().min(1).optional(),
  func: z.string().min(1).optional(),
  kwargs: jsonObject().optional(),
  wait: z.boolean().default(false),
});

export type PushOptions = z.output<typeof pushOptions>;
