import type { Command } from 'commander';
import { z } from 'zod';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { moment } from '../option-types.js';
import { parseOptions } from '../parse-options.js';
import { localTime, relativeTime } from '../terminal/times.js';
import { withDatabase } from '../with-database.js';

const schema = z.object({ until: moment().optional() });

/** `spoolgate pause`. */
export const addPause = (program: Command): void => {
  describeCommand(program.command('pause'), {
    summary: 'start no more jobs of a queue',
    explanation: `No job of the queue is started any more, on any gateway, until it is resumed or the time of --until has come. Prints \
that run go on; to pause one of those, use \`spoolgate printers pause\`.`,
    examples: [
      ['spoolgate pause printers', 'Until `spoolgate resume printers`.'],
      ['spoolgate pause printers --until 06:00', 'Quiet until the next morning.'],
      ['spoolgate pause printers --until +90m', 'For an hour and a half.'],
    ],
    exits: [3, 4],
  })
    .argument('<queue>', 'name of the queue')
    .option('--until <time>', 'when it goes on by itself: +90m, 22:30, 2025-12-01T08:00')
    .action(
      action(async (cli, { args: [name = ''], options }) => {
        const { until } = parseOptions(schema, options);
        await withDatabase(cli, (chancy) => chancy.pauseQueue(name, until === undefined ? {} : { resumeAt: until }));
        cli.result({ queue: name, state: 'paused', resumeAt: until ?? null }, () => {
          const end = until === undefined ? '' : `, until ${localTime(until)} (${relativeTime(until)})`;
          return `${name} is ${cli.colours.yellow('paused')}${end}`;
        });
        return 0;
      }),
    );
};
