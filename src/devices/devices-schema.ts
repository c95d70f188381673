import { z } from 'zod';
import { comment, deviceSchema } from './device-schema.js';

const gateway = z
  .strictObject({
    ...comment,
    name: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'a name is letters, digits and `_ . -`')
      .optional()
      .describe("What this gateway is called in the database and in logs; the machine's host name without it."),
    queue: z.string().min(1).max(100).default('printers').describe('The queue whose jobs it prints.'),
  })
  .prefault({})
  .describe('This gateway.');

/** devices.json, strictly: an unknown key is an error, units are in the names, every field has a description. */
export const devicesSchema = z.strictObject({
  ...comment,
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors.'),
  gateway,
  spool_dir: z
    .string()
    .min(1)
    .default('spool')
    .describe('The folder from which files are printed; a relative path starts at the folder of devices.json.'),
  printers: z.array(deviceSchema).min(1).max(200).describe('The printers of this gateway.'),
});

/** The JSON Schema of devices.json as a person writes it, for editors and for the docs. */
export const devicesJsonSchema = (): Record<string, unknown> =>
  z.toJSONSchema(devicesSchema, { io: 'input', unrepresentable: 'any' });
