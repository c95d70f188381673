import type { Command } from 'commander';
import { z } from 'zod';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { packageFile } from '../package-files.js';
import { positiveNumber } from '../option-types.js';
import { parseOptions } from '../parse-options.js';

/** The sample takes 25 to 30 s with it: long enough to watch. */
const defaultSpeed = '45';

const schema = z.object({
  speed: positiveNumber({ most: 10_000 }),
  faults: z.boolean().default(false),
  keep: z.boolean().default(false),
  file: z.string().min(1).optional(),
});

/** `spoolgate demo`. */
export const addDemo = (program: Command): void => {
  describeCommand(program.command('demo'), {
    summary: 'watch a file being printed, with no printer and no database',
    explanation: `The whole way of a print on this machine, with nothing to set up: a Postgres of its own in a temporary folder, a simulated \
printer behind a pseudo-terminal, a gateway, and a job with a real sliced file. At the end the simulated printer tells whether it ran \
each line of the file once and in order. Everything is removed afterwards; Ctrl-C removes it at any time.`,
    examples: [
      ['spoolgate demo', 'About half a minute.'],
      ['spoolgate demo --faults', 'With one damaged line in a hundred, and every 500th acknowledgement lost.'],
      ['spoolgate demo --keep', 'And leave it running, to try the other commands on.'],
      ['spoolgate demo --file benchy.gcode --speed 500', 'With a file of yours.'],
    ],
    exits: [1, 4, 5],
  })
    .option('--speed <factor>', `how much faster than life the printer moves and heats; ${defaultSpeed} by default`)
    .option('--faults', 'damage 1 % of the lines, lose every 500th ok')
    .option('--keep', 'leave everything running afterwards, until Ctrl-C')
    .option('--file <file>', 'print this file instead of the sample')
    .action(
      action(async (cli, { options }) => {
        const given = { speed: defaultSpeed, ...(options as object) };
        const { file = packageFile('gcode-samples/cube20-marlin2.gcode'), ...rest } = parseOptions(schema, given);
        const { runDemo } = await import('../demo/run-demo.js');
        return runDemo(cli, { file, ...rest });
      }),
    );
};
