import type { Command } from 'commander';
import { z } from 'zod';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { wholeNumber } from '../option-types.js';
import { parseOptions } from '../parse-options.js';

const schema = z.object({
  printer: z.string().min(1).optional(),
  port: z.string().min(1).optional(),
  baud: wholeNumber({ least: 1 }).optional(),
});

/** `spoolgate print`. */
export const addPrint = (program: Command): void => {
  describeCommand(program.command('print'), {
    summary: 'print a file right now, without a queue',
    explanation: `Prints a file at once on one printer, with no database and no gateway, and shows how far it is. The printer is one of \
devices.json, or any port. Ctrl-C ends the print safely: heaters off, head up and parked. A second Ctrl-C is the emergency stop, after \
which the printer needs a reset. The port must be free: a gateway that serves the printer holds it.`,
    examples: [
      ['spoolgate print benchy.gcode --printer ender-left', 'On a printer of ./devices.json.'],
      ['spoolgate print benchy.gcode --port /dev/ttyUSB0 --baud 250000', 'On whatever is at this port.'],
      ['spoolgate print benchy.gcode --port tcp://10.0.0.7:8080 --json', 'Over the network; the outcome as JSON.'],
    ],
    exits: [1, 3, 5],
  })
    .argument('<file>', 'a G-code file, plain or gzipped')
    .option('--printer <id>', 'a printer of devices.json; its only one by default')
    .option('--port <path>', 'a serial port, or tcp://host:port')
    .option('--baud <number>', 'its rate; 115200 by default')
    .action(
      action(async (cli, { args: [file = ''], options }) => {
        const target = parseOptions(schema, options);
        const { runPrint } = await import('../run-print.js');
        return runPrint(cli, file, target);
      }),
    );
};
