import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';

/** Inline G-code beyond this many characters belongs into a file. */
const longestInline = 4_000_000;

const schema = z
  .strictObject({
    file: z.string().min(1).max(1024).optional(),
    gcode: z.string().min(1).max(longestInline).optional(),
    printer: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is no printer id: lower-case letters, digits and hyphens')
      .optional(),
    copies: z.int().min(1).max(100).default(1),
  })
  .check((context) => {
    const { file, gcode } = context.value;
    if ((file === undefined) === (gcode === undefined)) {
      context.issues.push({
        code: 'custom',
        path: ['file'],
        message: 'give either `file` or `gcode`',
        input: context.value,
      });
    }
  });

/** The kwargs of a `gcode.print` job. */
export interface PrintKwargs {
  /** A file in the spool folder, by its relative path. */
  readonly file?: string | undefined;
  /** The G-code itself, instead of a file; at most 4 million characters. */
  readonly gcode?: string | undefined;
  /** Id of the printer that must print it; any free one of the gateway otherwise. */
  readonly printer?: string | undefined;
  /** How many to print, one after the other, each on a clear bed; 1 by default, at most 100. */
  readonly copies: number;
}

/** The one function of the printers' queue. */
export const printFunction = 'gcode.print';

/** Throws KWARGS_INVALID, naming each field that is wrong. */
export const parsePrintKwargs = (kwargs: unknown): PrintKwargs => {
  const parsed = schema.safeParse(kwargs);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `kwargs.${path.join('.')}: ${message}`))
    .join('; ');
  throw new SpoolgateError('KWARGS_INVALID', { detail });
};
