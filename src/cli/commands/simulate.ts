import type { Command } from 'commander';
import { z } from 'zod';
import { firmwares } from '../../simulator/firmware-registry.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { faultNames, faultList } from '../fault-list.js';
import { positiveNumber, wholeNumber } from '../option-types.js';
import { parseOptions } from '../parse-options.js';

const names = Object.keys(firmwares) as (keyof typeof firmwares)[];

const schema = z.object({
  printers: wholeNumber({ least: 1, most: 64 }).default(1),
  pty: z.string().min(1).optional(),
  tcp: wholeNumber({ least: 0, most: 65_535 }).optional(),
  speed: positiveNumber().default(1),
  firmware: z.enum(names, `can be ${names.join(', ')}`).default('marlin-2.1'),
  faults: faultList().default({}),
  seed: wholeNumber({ least: 0 }).default(1),
  baud: wholeNumber({ least: 0 }).default(0),
  expect: z.string().min(1).optional(),
});

export type SimulateOptions = z.output<typeof schema>;

/** `spoolgate simulate`. */
export const addSimulate = (program: Command): void => {
  describeCommand(program.command('simulate'), {
    summary: 'run simulated printers',
    explanation: `Runs printers that are not there: a Marlin-like firmware with its buffers, checksums, heaters and motion, behind a \
pseudo-terminal (or TCP) that any host opens like a serial port. It goes wrong on demand. Ctrl-C ends it, with exit code 0, and it tells \
what it has counted.`,
    examples: [
      [
        'spoolgate simulate --pty /tmp/printer --speed 20',
        'One printer at /tmp/printer, twenty times faster than life.',
      ],
      ['spoolgate simulate --printers 3 --tcp 8080', 'Three of them at tcp://127.0.0.1:8080 and the next two ports.'],
      [
        'spoolgate simulate --faults corrupt-rate=0.01,drop-ok-every=500',
        'One percent of the lines arrive damaged, every 500th ok is lost.',
      ],
      [
        'spoolgate simulate --expect benchy.gcode --pty /tmp/printer',
        'Says at its end whether it ran this file, each line once and in order.',
      ],
    ],
    exits: [1, 5],
  })
    .option('--printers <number>', 'how many; 1 by default')
    .option(
      '--pty <link>',
      'where to put the link to the pseudo-terminal; -2, -3 … are put behind it for more printers',
    )
    .option('--tcp <port>', 'listen on 127.0.0.1 instead of a pseudo-terminal; 0 takes a free port')
    .option('--speed <factor>', 'how much faster than life it moves and heats; 1 by default')
    .option('--firmware <name>', `${names.join(' or ')}; marlin-2.1 by default`)
    .option('--baud <number>', 'the line carries so many bits a second; as fast as it can by default')
    .option('--faults <list>', `what goes wrong: NAME=NUMBER, comma-separated: ${faultNames.join(', ')}`)
    .option('--seed <number>', 'places the random faults; 1 by default')
    .option('--expect <file>', 'compare what runs with this file; the exit code is 1 if it differs')
    .action(
      action(async (cli, { options }) => {
        const chosen = parseOptions(schema, options);
        const { runSimulators } = await import('../run-simulators.js');
        return runSimulators(cli, chosen);
      }),
    );
};
