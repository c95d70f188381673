import type { Command } from 'commander';
import type { StoredQueue } from '../../queue/queue-row.js';
import { action } from '../action.js';
import type { Cli } from '../cli.js';
import { describeCommand } from '../describe-command.js';
import type { Column } from '../terminal/table.js';
import { relativeTime } from '../terminal/times.js';
import { withDatabase } from '../with-database.js';
import { addQueuesDeclare } from './queues-declare.js';
import { addQueuesDelete } from './queues-delete.js';

/** `spoolgate queues` and its subcommands. */
export const addQueues = (program: Command): void => {
  const queues = describeCommand(program.command('queues').helpCommand(false), {
    summary: 'list, declare and delete queues',
    explanation: `Lists the queues with their state, executor and limits. A gateway declares the queue of its printers by itself; others \
are declared with \`queues declare\`. A change reaches the running workers at once.`,
    examples: [
      ['spoolgate queues', 'What queues there are.'],
      ['spoolgate queues declare mails --concurrency 5', 'A queue for functions, five at once on each worker.'],
    ],
    exits: [3, 4],
  }).action(
    action(async (cli) => {
      const all = await withDatabase(cli, (chancy) => chancy.getAllQueues());
      cli.list(all, columnsFor(cli), 'No queues yet; a gateway declares its own.');
      return 0;
    }),
  );
  addQueuesDeclare(queues);
  addQueuesDelete(queues);
};

const columnsFor = (cli: Cli): Column<StoredQueue>[] => {
  const { green, yellow, dim } = cli.colours;
  return [
    { title: 'QUEUE', text: ({ name }) => name, least: 10 },
    { title: 'STATE', text: stateText, paint: (text, { state }) => (state === 'active' ? green(text) : yellow(text)) },
    { title: 'EXECUTOR', text: ({ executor }) => executor.replace(/^spoolgate\./, ''), least: 10 },
    { title: 'AT ONCE', text: ({ concurrency }) => concurrency?.toString() ?? 'executor', align: 'right' },
    { title: 'RATE', text: rateText, align: 'right' },
    { title: 'WORKERS', text: ({ tags }) => tags.join(' '), paint: dim, least: 8 },
  ];
};

const stateText = ({ state, resumeAt }: StoredQueue): string =>
  state === 'paused' && resumeAt !== null ? `paused, goes on ${relativeTime(resumeAt)}` : state;

const rateText = ({ rateLimit, rateLimitWindow }: StoredQueue): string =>
  rateLimit === null ? '-' : `${rateLimit} in ${rateLimitWindow ?? 0} s`;
