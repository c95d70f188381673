import type { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';

/** A command's options, checked. Throws USAGE, naming each flag that is wrong. */
export const parseOptions = <Schema extends z.ZodType>(schema: Schema, options: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${flagOf(path)}: ${message}`))
    .join('; ');
  throw new SpoolgateError('USAGE', { detail });
};

const flagOf = ([name]: readonly PropertyKey[]): string =>
  `--${String(name).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
