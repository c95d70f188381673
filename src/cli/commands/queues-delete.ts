import type { Command } from 'commander';
import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { parseOptions } from '../parse-options.js';
import { withDatabase } from '../with-database.js';

const schema = z.object({ keepJobs: z.boolean().default(false) });

/** `spoolgate queues delete`. */
export const addQueuesDelete = (queues: Command): void => {
  describeCommand(queues.command('delete'), {
    summary: 'delete a queue and its jobs',
    explanation: `Deletes a queue and all its jobs, finished ones too; those that run are cancelled. With --keep-jobs they stay, and wait for \
a queue of that name.`,
    examples: [['spoolgate queues delete mails', 'The queue and its jobs.']],
    exits: [3, 4],
  })
    .argument('<name>', 'name of the queue')
    .option('--keep-jobs', 'leave its jobs in the table')
    .action(
      action(async (cli, { args: [name = ''], options }) => {
        const { keepJobs } = parseOptions(schema, options);
        const result = await withDatabase(cli, (chancy) => chancy.deleteQueue(name, { purgeJobs: !keepJobs }));
        if (!result.deleted && result.purgedJobs === 0) throw new SpoolgateError('QUEUE_NOT_FOUND', { detail: name });
        cli.result({ queue: name, ...result }, () => `${name} is deleted, with ${result.purgedJobs} jobs`);
        return 0;
      }),
    );
};
