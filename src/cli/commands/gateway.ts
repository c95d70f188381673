import type { Command } from 'commander';
import { z } from 'zod';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { list } from '../option-types.js';
import { parseOptions } from '../parse-options.js';

const schema = z.object({ tags: list().default([]), functions: list().default([]) });

/** `spoolgate gateway`. */
export const addGateway = (program: Command): void => {
  describeCommand(program.command('gateway'), {
    summary: 'serve the printers of devices.json',
    explanation: `Connects to the printers of devices.json, takes jobs of their queue and prints them, until it is told to stop. Logs to \
stdout: for people on a terminal, as JSON elsewhere. It brings the database up to date by itself, and waits for one that is not there \
yet. Ctrl-C or SIGTERM once: no new prints, those that run are finished. Twice: they are ended safely, heaters off and parked. Three \
times: it leaves at once, and the printers go on with what they have. It exits with 0 unless prints had to be cut short.`,
    examples: [
      ['spoolgate gateway', 'The printers of ./devices.json, on our own Postgres.'],
      [
        'spoolgate gateway --devices /etc/spoolgate/devices.json --database-url postgresql://spool@db/print',
        'One of many.',
      ],
      [
        'spoolgate gateway --functions ./tasks --tags site=berlin',
        'Also runs functions of ./tasks, for queues that ask for this site.',
      ],
    ],
    exits: [3, 4, 5],
  })
    .option('--tags <list>', 'more tags of its worker, which queues can ask for')
    .option('--functions <folders>', 'folders of modules whose functions jobs may run; none by default')
    .action(
      action(async (cli, { options }) => {
        const { tags, functions } = parseOptions(schema, options);
        const { runGateway } = await import('../run-gateway.js');
        return runGateway(cli, { tags, functionRoots: functions });
      }),
    );
};
