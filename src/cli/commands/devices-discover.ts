import type { Command } from 'commander';
import { type DiscoveredPort, discoverPorts } from '../../devices/discover-ports.js';
import { type Device, loadDevices } from '../../devices/load-devices.js';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { action } from '../action.js';
import type { Cli } from '../cli.js';
import { describeCommand } from '../describe-command.js';
import { tableText } from '../terminal/table.js';

/** `spoolgate devices discover`. */
export const addDevicesDiscover = (devices: Command): void => {
  describeCommand(devices.command('discover'), {
    summary: 'find the serial ports of this machine',
    explanation: `Lists the serial ports that are there now, which printer of devices.json each belongs to, and for the others an entry to \
paste. The path it suggests means the same adapter after a restart. To find out which is which, pull one plug and look again.`,
    examples: [
      ['spoolgate devices discover', 'What is plugged in.'],
      ['spoolgate devices discover --json', 'The same for a script.'],
    ],
    exits: [3],
  }).action(
    action(async (cli) => {
      const { listPorts } = await import('../../transport/list-ports.js');
      const ports = await discoverPorts({ listPorts, devices: await knownDevices(cli) });
      cli.result(ports, () => (ports.length === 0 ? nothing : shown(cli, ports)));
      return 0;
    }),
  );
};

const nothing = `No serial port was found.
Check that the printer is on and its cable carries data; on Linux, \`dmesg\` says what it makes of a plug.`;

/** The configured printers; a devices.json that nobody has written yet is none. */
const knownDevices = async ({ settings }: Cli): Promise<readonly Device[]> => {
  try {
    return (await loadDevices(settings.devices)).printers;
  } catch (error) {
    const isMissing = error instanceof SpoolgateError && error.code === 'CONFIG_NOT_FOUND';
    if (isMissing && !settings.devicesNamed) return [];
    throw error;
  }
};

const shown = (cli: Cli, ports: readonly DiscoveredPort[]): string => {
  const { green, dim, bold } = cli.colours;
  const table = tableText<DiscoveredPort>(
    ports,
    [
      { title: 'PORT', text: ({ path }) => path },
      { title: 'DEVICE', text: nameOf, least: 10 },
      {
        title: 'PRINTER',
        text: ({ configuredAs }) => configuredAs ?? '-',
        paint: (text, { configuredAs }) => (configuredAs === undefined ? dim(text) : green(text)),
      },
      { title: 'BEST PATH', text: ({ bestPath }) => bestPath, least: 20 },
    ],
    { colours: cli.colours, width: cli.width },
  );
  const free = ports.filter(({ configuredAs }) => configuredAs === undefined);
  if (free.length === 0) return table;
  const entries = free.map(({ suggestion }) => suggestion).join(',\n');
  return `${table}\n\n${bold('For "printers" in devices.json')}; check baud rate and bed:\n${entries}`;
};

const nameOf = ({ manufacturer, product, vendorId, productId }: DiscoveredPort): string => {
  const name = [manufacturer, product].filter((part) => part !== undefined).join(' ');
  const usb = vendorId === undefined || productId === undefined ? '' : `${vendorId}:${productId}`;
  return name === '' ? usb : name;
};
