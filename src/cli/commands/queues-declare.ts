import type { Command } from 'commander';
import { z } from 'zod';
import { Queue } from '../../queue/queue.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { jsonObject, list, wholeNumber } from '../option-types.js';
import { parseOptions } from '../parse-options.js';
import { withDatabase } from '../with-database.js';

const schema = z.object({
  executor: z.string().min(1).optional(),
  executorOptions: jsonObject().optional(),
  concurrency: wholeNumber({ least: 1 }).optional(),
  tags: list().optional(),
  rateLimit: wholeNumber({ least: 1 }).optional(),
  rateLimitWindow: wholeNumber({ least: 1 }).optional(),
  pollingInterval: wholeNumber({ least: 1 }).optional(),
  replace: z.boolean().default(false),
});

/** `spoolgate queues declare`. */
export const addQueuesDeclare = (queues: Command): void => {
  describeCommand(queues.command('declare'), {
    summary: 'make a queue, or change it',
    explanation: `Makes a queue. One of that name that is there already stays as it is, and is shown; --replace gives it these settings \
instead, with the defaults where a flag is missing.`,
    examples: [
      ['spoolgate queues declare mails --concurrency 5', 'For functions of the gateway’s allowed modules.'],
      [
        'spoolgate queues declare printers --executor SerialGcodeExecutor --tags gateway=left --replace',
        'Only the gateway called left prints from it.',
      ],
      ['spoolgate queues declare calls --rate-limit 10 --rate-limit-window 60', 'At most ten jobs a minute.'],
    ],
    exits: [3, 4],
  })
    .argument('<name>', 'name of the queue')
    .option('--executor <name>', 'ModuleExecutor (the default), SerialGcodeExecutor, or one of your own')
    .option('--executor-options <json>', "the executor's own options, as a JSON object")
    .option('--concurrency <number>', 'jobs at once on each worker; the executor decides by default')
    .option('--tags <list>', 'which workers serve it: regular expressions for their tags')
    .option('--rate-limit <number>', 'at most so many jobs in each window, on all workers together')
    .option('--rate-limit-window <seconds>', 'length of that window')
    .option('--polling-interval <seconds>', 'between two looks when nobody notifies; 5 by default')
    .option('--replace', 'change the queue if it is there')
    .action(
      action(async (cli, { args: [name = ''], options }) => {
        const { replace, executor, ...rest } = parseOptions(schema, options);
        const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
        const queue = new Queue({
          name,
          ...given,
          ...(executor === undefined ? {} : { executor: executor.includes('.') ? executor : `spoolgate.${executor}` }),
        });
        const stored = await withDatabase(cli, (chancy) => chancy.declare(queue, { upsert: replace }));
        cli.result(stored, () => {
          const { executor: by, concurrency } = stored;
          const atOnce = concurrency === null ? 'as many at once as the executor likes' : `${concurrency} at once`;
          return `${name}: ${by.replace(/^spoolgate\./, '')}, ${atOnce}, ${stored.state}`;
        });
        return 0;
      }),
    );
};
