import { z } from 'zod';
import { operatorOptions, rowOptions, rowRoots } from '../functions/executor-options.js';
import { type IsolatedExecutorOptions, isolatedFields, type IsolatedSettings } from '../isolated/isolated-options.js';

/** What the operator allows and sets for jobs in processes. */
export interface ProcessExecutorOptions extends IsolatedExecutorOptions {
  /** After so many jobs a process is replaced by a new one, so that what jobs leak does not add up. Default: 100, as Chancy's. */
  readonly maximumJobsPerWorker?: number;
  /** The whole environment of the processes. Default: that of the worker's own process, passwords in it included. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `ProcessExecutorOptions`, checked and made absolute. */
export interface ProcessSettings extends IsolatedSettings {
  readonly maximumJobsPerWorker: number;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const jobCount = z.int().min(1).max(1_000_000);

const operatorSchema = z.strictObject({
  ...isolatedFields('ProcessExecutor'),
  maximumJobsPerWorker: jobCount.default(100),
  env: z.record(z.string().min(1), z.string()).optional(),
});

const rowSchema = z.strictObject({
  roots: rowRoots,
  maximumJobsPerWorker: jobCount.optional(),
  /** As Chancy spells it. */
  maximum_jobs_per_worker: jobCount.optional(),
});

/** Checks what the operator gave; throws CONFIG_INVALID naming the field. */
export const processSettings = (options: ProcessExecutorOptions): ProcessSettings =>
  operatorOptions('ProcessExecutor', operatorSchema, options);

/** What a queue's `executor_options` set; throws QUEUE_INVALID for anything else there. */
export const processRowOptions = (
  queue: string,
  options: Readonly<Record<string, unknown>>,
): { readonly roots: readonly string[] | undefined; readonly maximumJobsPerWorker: number | undefined } => {
  const { roots, maximumJobsPerWorker, maximum_jobs_per_worker: chancys } = rowOptions(queue, rowSchema, options);
  return { roots, maximumJobsPerWorker: maximumJobsPerWorker ?? chancys };
};
