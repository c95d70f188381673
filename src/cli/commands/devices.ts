import type { Command } from 'commander';
import { describeCommand } from '../describe-command.js';
import { addDevicesCheck } from './devices-check.js';
import { addDevicesDiscover } from './devices-discover.js';
import { addDevicesList } from './devices-list.js';
import { addDevicesSchema } from './devices-schema.js';

/** `spoolgate devices` and its subcommands. */
export const addDevices = (program: Command): void => {
  const devices = describeCommand(program.command('devices').helpCommand(false), {
    summary: 'check devices.json, find serial ports',
    explanation: `What the gateway knows of its printers stands in devices.json: the port, the baud rate, the bed, the limits. These \
commands find the ports, and explain every mistake in the file. None of them opens a port or needs a database.`,
    examples: [
      ['spoolgate devices discover', 'The serial ports of this machine, with entries to paste.'],
      ['spoolgate devices check', 'Whether ./devices.json is right.'],
    ],
    exits: [3],
  });
  addDevicesDiscover(devices);
  addDevicesCheck(devices);
  addDevicesList(devices);
  addDevicesSchema(devices);
};
