import type { Command } from 'commander';
import type { StoredWorker } from '../../queue/worker-row.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { relativeTime } from '../terminal/times.js';
import { withDatabase } from '../with-database.js';

/** `spoolgate workers`. */
export const addWorkers = (program: Command): void => {
  describeCommand(program.command('workers'), {
    summary: 'list gateways and other workers',
    explanation: `Lists every worker on the database, gateways among them: the queues that it serves, its tags, and when it was last heard \
of. A worker beats every 30 s and is struck off after 90 s of silence.`,
    examples: [
      ['spoolgate workers', 'Who is there.'],
      ['spoolgate workers --json', 'The same for a script, with all tags.'],
    ],
    exits: [3, 4],
  }).action(
    action(async (cli) => {
      const workers = await withDatabase(cli, (chancy) => chancy.getAllWorkers());
      const { green, yellow, dim } = cli.colours;
      const nowMs = Date.now();
      const isLate = ({ lastSeen }: StoredWorker): boolean => nowMs - lastSeen.getTime() > lateMs;
      cli.list(
        workers,
        [
          { title: 'WORKER', text: ({ workerId }) => workerId, least: 12 },
          {
            title: 'SEEN',
            text: ({ lastSeen }) => relativeTime(lastSeen, nowMs),
            paint: (text, worker) => (isLate(worker) ? yellow(text) : green(text)),
          },
          { title: 'QUEUES', text: ({ queues }) => queues.join(', '), least: 8 },
          { title: 'TAGS', text: ({ tags }) => tags.filter(isTelling).join(' '), paint: dim, least: 8 },
        ],
        'No worker is there; `spoolgate gateway` starts one.',
      );
      return 0;
    }),
  );
};

/** More than one heartbeat was missed. */
const lateMs = 45_000;

/** Tags that each worker has, or that repeat its id, tell a person nothing. */
const isTelling = (tag: string): boolean => tag !== '*' && !/^(worker_id|os|arch|runtime)=/.test(tag);
