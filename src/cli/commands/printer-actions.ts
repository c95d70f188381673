import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import type { PrinterAction } from '../../printing/plugin/printer-command.js';
import { sendPrinterCommand } from '../../printing/plugin/send-printer-command.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { parseOptions } from '../parse-options.js';
import { withDatabase } from '../with-database.js';

const schema = z.object({ gateway: z.string().min(1).optional() });

const texts: Readonly<Record<PrinterAction, readonly [summary: string, explanation: string]>> = {
  clear: [
    'say that the bed is empty',
    `Says that the part has been taken off the bed. After a print that extruded something the printer waits for this before it begins the \
next one. It also works while the gateway is off.`,
  ],
  pause: [
    'pause the print',
    'Pauses the running print: what is under way is finished, then the head goes up and parks. The heaters stay on.',
  ],
  resume: [
    'go on with a paused print',
    'Takes the head back to where it was and goes on with a print that was paused.',
  ],
  cancel: [
    'end the print safely',
    'Ends the running print: heaters off, head up and parked. Its job fails with code CANCELLED and is not tried again.',
  ],
  stop: [
    'emergency stop',
    `Halts the firmware at once, past everything that waits (M112). Its job fails, the printer is set aside and needs a reset; afterwards \
say so with \`spoolgate printers return\`.`,
  ],
  return: [
    'take a printer back into service',
    'Says that somebody has looked at a printer that was set aside after a fault: it may print again.',
  ],
};

/** `spoolgate printers clear|pause|resume|cancel|stop|return`. */
export const addPrinterActions = (printers: Command): void => {
  for (const [name, [summary, explanation]] of Object.entries(texts)) {
    describeCommand(printers.command(name), {
      summary,
      explanation,
      examples: [
        [`spoolgate printers ${name} ender-left`, 'The printer of that id, whichever gateway has it.'],
        [`spoolgate printers ${name} ender-left --gateway workshop-pi`, 'Where several gateways have one of that id.'],
      ],
      exits: [3, 4, 5],
    })
      .argument('<id>', 'id of the printer')
      .option('--gateway <name>', 'its gateway, where the id is not unique')
      .action(
        action(async (cli, { args: [printer = ''], options }) => {
          const { gateway } = parseOptions(schema, options);
          const request = {
            printer,
            action: name as PrinterAction,
            by: asker(),
            ...(gateway === undefined ? {} : { gateway }),
          };
          const result = await withDatabase(cli, (chancy) => sendPrinterCommand(chancy, request));
          cli.result({ printer, ...result }, () => `${result.gateway}: ${result.message}`);
          return 0;
        }),
      );
  }
};

/** For the gateway's log. */
const asker = (): string => {
  try {
    return `${userInfo().username} on ${hostname()}`;
  } catch {
    // A user id without a name, as containers have.
    return `user ${process.getuid?.() ?? '?'} on ${hostname()}`;
  }
};
