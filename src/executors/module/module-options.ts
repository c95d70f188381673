import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { JobFunction } from './job-function.js';

/** What the operator allows in code. Nothing is allowed by default. */
export interface ModuleExecutorOptions {
  /** Name of the class, by which queues' rows know it (`spoolgate.NAME`). Each class of an app needs its own. Default: ModuleExecutor. */
  readonly name?: string;
  /** Folders whose modules, at any depth, may be run; relative ones are below the working directory. Searched in this order. Default: none. */
  readonly roots?: readonly (string | URL)[];
  /** Functions by the exact `func` of their jobs; looked up before the roots. Default: none. */
  readonly functions?: Readonly<Record<string, JobFunction>>;
  /** Once its signal has aborted, a function has this long to end before its run is reported without it, ms. Default: 1000. */
  readonly graceMs?: number;
}

/** `ModuleExecutorOptions`, checked and made absolute. */
export interface AllowedModules {
  readonly name: string;
  readonly roots: readonly string[];
  readonly functions: ReadonlyMap<string, JobFunction>;
  readonly graceMs: number;
}

const jobFunction = z.custom<JobFunction>((value) => typeof value === 'function', 'must be a function');

const fileUrl = z
  .instanceof(URL)
  .refine((url) => url.protocol === 'file:', 'must be a file: URL')
  .transform((url) => fileURLToPath(url));

const operatorOptions = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be a class name')
    .default('ModuleExecutor'),
  roots: z
    .array(z.union([z.string().min(1), fileUrl]))
    .default([])
    .transform((roots) => roots.map((root) => resolve(root))),
  functions: z
    .record(z.string().min(1), jobFunction)
    .default({})
    .transform((functions) => new Map(Object.entries(functions))),
  graceMs: z.number().min(0).max(3_600_000).default(1000),
});

const rowOptions = z.strictObject({
  roots: z.array(z.string().min(1)).optional(),
});

/** Checks what the operator allows; throws CONFIG_INVALID naming the field. */
export const allowedModules = (options: ModuleExecutorOptions): AllowedModules => {
  const parsed = operatorOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new SpoolgateError('CONFIG_INVALID', { detail: `ModuleExecutor options: ${z.prettifyError(parsed.error)}` });
};

/**
 * The `roots` of a queue's `executor_options`, undefined where it names none. Whoever may write to the database writes these: they narrow
 * what the operator allows and never widen it. Throws QUEUE_INVALID for anything else in the options, so that a misspelt `roots` does not
 * leave all of them open.
 */
export const rowRoots = (queue: string, options: Readonly<Record<string, unknown>>): readonly string[] | undefined => {
  const parsed = rowOptions.safeParse(options);
  if (parsed.success) return parsed.data.roots;
  throw new SpoolgateError('QUEUE_INVALID', {
    detail: `executor_options of ${JSON.stringify(queue)}: ${z.prettifyError(parsed.error)}`,
  });
};
