import type { Command } from 'commander';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { withDatabase } from '../with-database.js';

/** `spoolgate resume`. */
export const addResume = (program: Command): void => {
  describeCommand(program.command('resume'), {
    summary: 'go on with a paused queue',
    explanation:
      'The jobs of a paused queue are started again, on every gateway. Harmless for a queue that is not paused.',
    examples: [['spoolgate resume printers', 'Go on.']],
    exits: [3, 4],
  })
    .argument('<queue>', 'name of the queue')
    .action(
      action(async (cli, { args: [name = ''] }) => {
        await withDatabase(cli, (chancy) => chancy.resumeQueue(name));
        cli.result({ queue: name, state: 'active' }, () => `${name} is ${cli.colours.green('active')}`);
        return 0;
      }),
    );
};
