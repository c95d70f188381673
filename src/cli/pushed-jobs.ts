import { inspectGcode } from '../gcode/inspect-gcode.js';
import { parsePrintKwargs, printFunction } from '../printing/print-kwargs.js';
import { Job, type JobOptions } from '../queue/job.js';
import type { Cli } from './cli.js';
import type { PushOptions } from './push-options.js';
import { placeInSpool } from './spool-copy.js';
import { spoolSettings } from './spool-settings.js';

/** A print that could not begin (printer off, port held) is tried again so often. */
const printAttempts = 3;

/**
 * The jobs of one push, not pushed yet. A file is read through first, so that one that cannot be printed is refused here and now, and is
 * brought into the spool folder. Without a file it is a function.
 */
export const pushedJobs = async (cli: Cli, file: string | undefined, options: PushOptions): Promise<readonly Job[]> => {
  const { copies } = options;
  const job = new Job(file === undefined ? functionJob(options) : await printJob(cli, file, options));
  return Array.from({ length: copies }, () => job);
};

const functionJob = (options: PushOptions): JobOptions => ({
  func: options.func ?? '',
  kwargs: options.kwargs ?? {},
  queue: options.queue ?? 'default',
  ...common(options, 1),
});

const printJob = async (cli: Cli, file: string, options: PushOptions): Promise<JobOptions> => {
  const { printer } = options;
  // Before anything is copied: a slip in the printer's id is cheap to find.
  parsePrintKwargs({ file, ...(printer === undefined ? {} : { printer }) });
  const { spoolDir, queue } = await spoolSettings(cli, options);
  const check = (path: string): Promise<unknown> => inspectGcode(path, cli.signal);
  const { name, path, copied } = await placeInSpool(file, spoolDir, { check, signal: cli.signal });
  if (copied && !cli.json) cli.note(cli.noteColours.dim(`Copied to ${path}`));
  return {
    func: printFunction,
    kwargs: { file: name, ...(printer === undefined ? {} : { printer }) },
    queue,
    ...common(options, printAttempts),
  };
};

const common = ({ priority, at, uniqueKey, maxAttempts }: PushOptions, attempts: number) => ({
  priority,
  scheduledAt: at,
  uniqueKey: uniqueKey ?? null,
  maxAttempts: maxAttempts ?? attempts,
});
