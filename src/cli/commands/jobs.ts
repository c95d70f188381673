import type { Command } from 'commander';
import { z } from 'zod';
import type { ListedJob } from '../../queue/job-list.js';
import { type JobState, jobStates } from '../../queue/queued-job.js';
import { action } from '../action.js';
import type { Cli } from '../cli.js';
import { describeCommand } from '../describe-command.js';
import { jobNote, jobStateText, jobWhat, jobWhen, paintJobState } from '../job-text.js';
import { list, wholeNumber } from '../option-types.js';
import { parseOptions } from '../parse-options.js';
import { printMetaOf } from '../print-meta.js';
import type { Column } from '../terminal/table.js';
import { withDatabase } from '../with-database.js';

const everyJob = 1_000_000;

const schema = z.object({
  queue: z.string().min(1).optional(),
  state: list()
    .pipe(z.array(z.enum(jobStates, `can be ${jobStates.join(', ')}`)))
    .optional(),
  limit: wholeNumber({ least: 1, most: everyJob }).default(20),
  all: z.boolean().default(false),
});

/** `spoolgate jobs`. */
export const addJobs = (program: Command): void => {
  describeCommand(program.command('jobs'), {
    summary: 'list jobs, the newest first',
    explanation: `Lists the last 20 jobs of all queues with their state, progress or error. ID is as short as it can be; other commands \
take it as it stands here, or the whole id. With --json each job is whole, as the database has it.`,
    examples: [
      ['spoolgate jobs', 'The last 20 jobs.'],
      [
        'spoolgate jobs --state running,retrying --queue printers',
        'What is being printed, and what will be tried again.',
      ],
      ['spoolgate jobs --all --json', 'Everything, for a script.'],
    ],
    exits: [3, 4],
  })
    .option('--queue <name>', 'only jobs of this queue')
    .option('--state <list>', `only jobs in these states: ${jobStates.join(', ')}`)
    .option('--limit <number>', 'at most so many; 20 by default')
    .option('--all', 'every job')
    .action(
      action(async (cli, given) => {
        const { queue, state, limit, all } = parseOptions(schema, given.options);
        const most = all ? everyJob : limit;
        const jobs = await withDatabase(cli, (chancy) =>
          chancy.listJobs(filter(queue, state, Math.min(everyJob, most + 1))),
        );
        show(cli, jobs, most);
        return 0;
      }),
    );
};

const filter = (queue: string | undefined, states: readonly JobState[] | undefined, limit: number) => ({
  limit,
  ...(queue === undefined ? {} : { queue }),
  ...(states === undefined ? {} : { states }),
});

const show = (cli: Cli, jobs: readonly ListedJob[], most: number): void => {
  const shown = jobs.slice(0, most);
  cli.list(shown, columnsFor(cli, shown), 'No jobs.');
  if (!cli.json && jobs.length > most) cli.note(cli.noteColours.dim('There are more: --limit N or --all shows them.'));
};

const columnsFor = (cli: Cli, jobs: readonly ListedJob[]): Column<ListedJob>[] => {
  const { dim } = cli.colours;
  const nowMs = Date.now();
  const columns: Column<ListedJob>[] = [
    { title: 'ID', text: ({ shortId }) => shortId },
    { title: 'STATE', text: jobStateText, paint: (text, job) => paintJobState(cli.colours, job, text) },
    { title: 'QUEUE', text: ({ queue }) => queue, least: 6 },
    { title: 'WHAT', text: jobWhat, least: 12 },
    { title: 'PRINTER', text: (job) => printMetaOf(job).printer ?? wanted(job), least: 7 },
    { title: 'RUNS', text: ({ attempts, maxAttempts }) => `${attempts}/${maxAttempts}`, align: 'right' },
    { title: 'WHEN', text: (job) => jobWhen(job, nowMs), paint: dim },
    { title: 'NOTE', text: jobNote, least: 8 },
  ];
  // A column that says nothing in any row only takes room.
  const speaks = ({ text }: Column<ListedJob>): boolean => jobs.some((job) => text(job) !== '');
  return columns.filter(speaks);
};

const wanted = ({ kwargs }: ListedJob): string => (typeof kwargs['printer'] === 'string' ? kwargs['printer'] : '');
