import type { Command } from 'commander';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { action } from '../action.js';
import type { Cli } from '../cli.js';
import { describeCommand } from '../describe-command.js';
import { followJobs } from '../follow-jobs.js';
import { jobStateText, paintJobState } from '../job-text.js';
import { parseOptions } from '../parse-options.js';
import { type PushOptions, pushOptions } from '../push-options.js';
import { pushedJobs } from '../pushed-jobs.js';
import { withDatabase } from '../with-database.js';

/** `spoolgate push`. */
export const addPush = (program: Command): void => {
  describeCommand(program.command('push'), {
    summary: 'put a file, or a function, into a queue',
    explanation: `Puts a print into the queue: the next gateway with a free printer takes it. A file that is not in the spool folder yet is \
checked and copied there first. --copies makes a job of each copy. With --func any other job is pushed: a function of the modules that \
the gateway was allowed to run. --wait follows the jobs to their end, and the exit code is theirs: 0 if all succeeded.`,
    examples: [
      ['spoolgate push benchy.gcode', 'On the next free printer.'],
      ['spoolgate push benchy.gcode --printer ender-left --wait', 'On this one, and follow it.'],
      ['spoolgate push hook.gcode --copies 4 --at 22:00', 'Four of them, not before ten at night.'],
      ['spoolgate push --func tasks.mail.send --kwargs \'{"to":"ana@example.com"}\' --queue mails', 'A function.'],
    ],
    exits: [1, 3, 4],
  })
    .argument('[file]', 'a G-code file, plain or gzipped, or the name of one in the spool folder')
    .option('--printer <id>', 'print on this printer only')
    .option('--copies <number>', 'push so many jobs; 1 by default')
    .option('--priority <number>', 'higher goes first; 0 by default')
    .option('--at <time>', 'not before: +90m, 22:30, 2025-12-01T08:00')
    .option('--unique-key <text>', 'push nothing if an unfinished job has this key')
    .option('--max-attempts <number>', 'runs before it fails for good; 3 for prints, 1 for functions')
    .option('--queue <name>', 'the queue of devices.json for prints, default for functions')
    .option('--spool-dir <folder>', "the gateway's spool folder, where there is no devices.json")
    .option('--func <name>', 'a function to run instead of a file to print')
    .option('--kwargs <json>', 'its arguments, as a JSON object')
    .option('-w, --wait', 'follow the jobs until they have ended')
    .action(
      action(async (cli, given) => {
        const options = parseOptions(pushOptions, given.options);
        const jobs = await pushedJobs(cli, checkedFile(given.args[0], options), options);
        const ended = await withDatabase(cli, async (chancy) => {
          const ids = [...new Set((await chancy.pushMany(jobs)).map(String))];
          const [{ queue, kwargs } = { queue: '', kwargs: {} }] = jobs;
          if (!options.wait)
            cli.result({ ids, queue, kwargs }, () => ids.map((id) => pushedText(cli, id, queue)).join('\n'));
          else for (const id of ids) cli.note(pushedText(cli, id, queue));
          return options.wait ? followJobs(cli, chancy, ids) : undefined;
        });
        if (ended === undefined) return 0;
        showEnd(cli, ended);
        return ended.length > 0 && ended.every(({ state }) => state === 'succeeded') ? 0 : 1;
      }),
    );
};

/** Undefined for a function. */
const checkedFile = (file: string | undefined, { func, kwargs, printer, copies, uniqueKey }: PushOptions) => {
  const refuse = (detail: string): never => {
    throw new SpoolgateError('USAGE', { detail });
  };
  if (file === undefined && func === undefined) refuse('name a FILE, or a function with --func');
  if (file !== undefined && func !== undefined) refuse('FILE and --func exclude each other');
  if (func === undefined && kwargs !== undefined) refuse('--kwargs belongs to --func');
  if (func !== undefined && printer !== undefined) refuse('--printer belongs to a FILE');
  if (copies > 1 && uniqueKey !== undefined) refuse('--unique-key lets only one job in, and --copies wants more');
  return file;
};

const pushedText = (cli: Cli, id: string, queue: string): string => `${id}  ${cli.colours.dim(`pushed to ${queue}`)}`;

const showEnd = (cli: Cli, jobs: readonly QueuedJob[]): void =>
  cli.result(jobs, () =>
    jobs
      .map((job) => {
        const error = job.state === 'failed' ? job.errors.at(-1) : undefined;
        const why = error === undefined ? '' : `\n${error.traceback.trim()}`;
        return `${job.id}  ${paintJobState(cli.colours, job, jobStateText(job))}${why}`;
      })
      .join('\n'),
  );
