import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';

const fileUrl = z
  .instanceof(URL)
  .refine((url) => url.protocol === 'file:', 'must be a file: URL')
  .transform((url) => fileURLToPath(url));

/** The name of an executor's class, by which queues' rows know it. */
export const className = (usual: string) =>
  z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be a class name')
    .default(usual);

/** Folders, made absolute. */
export const rootFolderList = z
  .array(z.union([z.string().min(1), fileUrl]))
  .default([])
  .transform((roots) => roots.map((root) => resolve(root)));

export const graceMs = z.number().min(0).max(3_600_000).default(1000);

/** `roots` of a queue's row. */
export const rowRoots = z.array(z.string().min(1)).optional();

/** Checks what the operator gave in code; throws CONFIG_INVALID naming the executor and the field. */
export const operatorOptions = <Schema extends z.ZodType>(
  executor: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new SpoolgateError('CONFIG_INVALID', { detail: `${executor} options: ${z.prettifyError(parsed.error)}` });
};

/**
 * Checks a queue's `executor_options`. Whoever may write to the database writes these: they narrow what the operator allows and never widen
 * it. The schema is to be strict, so that a misspelt `roots` does not leave all of them open. Throws QUEUE_INVALID.
 */
export const rowOptions = <Schema extends z.ZodType>(
  queue: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new SpoolgateError('QUEUE_INVALID', {
    detail: `executor_options of ${JSON.stringify(queue)}: ${z.prettifyError(parsed.error)}`,
  });
};
