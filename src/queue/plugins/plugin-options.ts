import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { faultText } from '../field.js';

/** Ms in an option, up to what a timer can hold. */
export const ms = (byDefault: number) =>
  z
    .int()
    .positive()
    .max(2 ** 31 - 1)
    .default(byDefault);

/** A plugin's options with their defaults. Throws `APP_INVALID`, naming the plugin and the option. */
export const pluginOptions = <Schema extends z.ZodType>(
  plugin: string,
  schema: Schema,
  options: z.input<Schema>,
): z.output<Schema> => {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new SpoolgateError('APP_INVALID', { detail: `${plugin}: ${faultText(parsed.error)}` });
};
