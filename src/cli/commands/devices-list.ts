import type { Command } from 'commander';
import { type Device, loadDevices } from '../../devices/load-devices.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';

/** `spoolgate devices list`. */
export const addDevicesList = (devices: Command): void => {
  describeCommand(devices.command('list'), {
    summary: 'list the printers of devices.json',
    explanation: `Lists the printers that devices.json names, with every default filled in (--json shows all fields). Whether they can be \
reached is for \`spoolgate printers\` to say, once a gateway runs.`,
    examples: [
      ['spoolgate devices list', 'The printers of ./devices.json.'],
      ['spoolgate devices list --json | jq ".[].id"', 'Their ids, for a script.'],
    ],
    exits: [3],
  }).action(
    action(async (cli) => {
      const { printers } = await loadDevices(cli.settings.devices);
      const { dim } = cli.colours;
      cli.list<Device>(
        printers,
        [
          { title: 'ID', text: ({ id }) => id, paint: (text, { enabled }) => (enabled ? text : dim(text)) },
          { title: 'NAME', text: ({ name }) => name, least: 10 },
          { title: 'PORT', text: ({ path }) => path, least: 14 },
          { title: 'BAUD', text: ({ baud_rate, simulated }) => (simulated ? '' : String(baud_rate)), align: 'right' },
          { title: 'BED', text: ({ bed }) => `${bed.x_mm}×${bed.y_mm}×${bed.z_mm}` },
          { title: 'TAGS', text: ({ tags }) => tags.join(' '), least: 6 },
          { title: 'ENABLED', text: ({ enabled }) => (enabled ? 'yes' : 'no'), paint: (text) => dim(text) },
        ],
        'No printers.',
      );
      return 0;
    }),
  );
};
