import type { Command } from 'commander';
import { devicesJsonSchema } from '../../devices/devices-schema.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';

/** `spoolgate devices schema`. */
export const addDevicesSchema = (devices: Command): void => {
  describeCommand(devices.command('schema'), {
    summary: 'print the JSON Schema of devices.json',
    explanation: `Prints the JSON Schema of devices.json: every field with its meaning, unit, limits and default. An editor that knows it \
completes and checks the file as you write: put \`"$schema": "./devices.schema.json"\` at its top.`,
    examples: [['spoolgate devices schema > devices.schema.json', 'For your editor.']],
    exits: [],
  }).action(
    action((cli) => {
      cli.print(JSON.stringify(devicesJsonSchema(), undefined, 2));
      return Promise.resolve(0);
    }),
  );
};
