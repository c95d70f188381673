import { z } from 'zod';
import {
  className,
  graceMs,
  operatorOptions,
  rootFolderList,
  rowOptions,
  rowRoots as rootsField,
} from '../functions/executor-options.js';
import type { AllowedFunctions } from '../functions/function-lookup.js';
import type { JobFunction } from '../functions/job-function.js';

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
export interface AllowedModules extends AllowedFunctions {
  readonly name: string;
  readonly graceMs: number;
}

const jobFunction = z.custom<JobFunction>((value) => typeof value === 'function', 'must be a function');

const operatorSchema = z.strictObject({
  name: className('ModuleExecutor'),
  roots: rootFolderList,
  functions: z
    .record(z.string().min(1), jobFunction)
    .default({})
    .transform((functions) => new Map(Object.entries(functions))),
  graceMs,
});

const rowSchema = z.strictObject({ roots: rootsField });

/** Checks what the operator allows; throws CONFIG_INVALID naming the field. */
export const allowedModules = (options: ModuleExecutorOptions): AllowedModules =>
  operatorOptions('ModuleExecutor', operatorSchema, options);

/** The `roots` of a queue's `executor_options`, undefined where it names none. Throws QUEUE_INVALID for anything else in the options. */
export const rowRoots = (queue: string, options: Readonly<Record<string, unknown>>): readonly string[] | undefined =>
  rowOptions(queue, rowSchema, options).roots;
