import { z } from 'zod';
import { operatorOptions, rowOptions, rowRoots } from '../functions/executor-options.js';
import { type IsolatedExecutorOptions, isolatedFields, type IsolatedSettings } from '../isolated/isolated-options.js';

/** What the operator allows and sets for jobs in threads. */
export type ThreadExecutorOptions = IsolatedExecutorOptions;

const operatorSchema = z.strictObject(isolatedFields('ThreadExecutor'));
const rowSchema = z.strictObject({ roots: rowRoots });

/** Checks what the operator gave; throws CONFIG_INVALID naming the field. */
export const threadSettings = (options: ThreadExecutorOptions): IsolatedSettings =>
  operatorOptions('ThreadExecutor', operatorSchema, options);

/** The `roots` of a queue's `executor_options`; throws QUEUE_INVALID for anything else there. */
export const threadRowRoots = (
  queue: string,
  options: Readonly<Record<string, unknown>>,
): readonly string[] | undefined => rowOptions(queue, rowSchema, options).roots;
