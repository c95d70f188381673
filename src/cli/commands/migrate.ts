import type { Command } from 'commander';
import { z } from 'zod';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { parseOptions } from '../parse-options.js';
import { wholeNumber } from '../option-types.js';
import { withDatabase } from '../with-database.js';

const schema = z.object({ toVersion: wholeNumber({ least: 0 }).optional(), plugin: z.string().min(1).optional() });

/** `spoolgate migrate`. */
export const addMigrate = (program: Command): void => {
  describeCommand(program.command('migrate'), {
    summary: 'bring the database up to date',
    explanation: `Creates or alters the tables so that they fit this program: Chancy's own, as Python's Chancy 0.25 has them, and \
Spoolgate's beside them. Harmless to repeat and beside other processes that do the same; a database that Python's Chancy made is \
taken as it is. With our own Postgres nobody needs it: every command does it by itself there.`,
    examples: [
      ['spoolgate migrate --database-url postgresql://spool@db/print', 'To the newest version.'],
      ['spoolgate migrate --plugin chancy --to-version 5', "Chancy's own tables to version 5, up or down."],
      ['spoolgate migrate --to-version 0', 'Removes every table, and all jobs with them.'],
    ],
    exits: [3, 4],
  })
    .option('--to-version <number>', 'the version to reach, up or down; the newest by default, 0 removes the tables')
    .option('--plugin <key>', 'only the tables of one owner: chancy, spoolgate or a plugin')
    .action(
      action(async (cli, given) => {
        const { toVersion, plugin } = parseOptions(schema, given.options);
        const changed = await withDatabase(
          cli,
          (chancy) =>
            chancy.migrate({
              ...(toVersion === undefined ? {} : { toVersion }),
              ...(plugin === undefined ? {} : { plugin }),
            }),
          { anyVersion: true },
        );
        cli.result({ changed }, () => (changed ? 'The tables were changed.' : 'The tables were up to date.'));
        return 0;
      }),
    );
};
