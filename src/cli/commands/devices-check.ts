import { access, constants } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Device, type DevicesConfig, loadDevices } from '../../devices/load-devices.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';

/** `spoolgate devices check`. */
export const addDevicesCheck = (devices: Command): void => {
  describeCommand(devices.command('check'), {
    summary: 'explain every mistake in devices.json',
    explanation: `Reads devices.json and lists every mistake with its field and what to write instead. When it is right, it also says what \
is missing around it: ports that are not there now, and the spool folder. Those are no errors, as a printer may be switched off.`,
    examples: [
      ['spoolgate devices check', './devices.json, or the file of SPOOLGATE_DEVICES.'],
      [
        'spoolgate devices check --devices /etc/spoolgate/devices.json --json',
        'Another file; the mistakes as JSON on stderr.',
      ],
    ],
    exits: [3],
  })
    .argument('[file]', 'instead of --devices')
    .action(
      action(async (cli, { args: [file] }) => {
        const config = await loadDevices(file ?? cli.settings.devices);
        const warnings = await warningsFor(config);
        const { green, yellow } = cli.colours;
        cli.result({ ok: true, file: config.file, printers: config.printers.map(({ id }) => id), warnings }, () => {
          const count = config.printers.length === 1 ? '1 printer' : `${config.printers.length} printers`;
          return [`${green('✓')} ${config.file}: ${count}`, ...warnings.map((text) => `${yellow('!')} ${text}`)].join(
            '\n',
          );
        });
        return 0;
      }),
    );
};

const warningsFor = async ({ printers, spool_dir }: DevicesConfig): Promise<string[]> => {
  const missing = async ({ id, path, simulated, enabled }: Device): Promise<string | undefined> => {
    const isFile = !simulated && enabled && path.startsWith('/');
    return isFile && !(await isThere(path)) ? `${id}: ${path} is not there now` : undefined;
  };
  const ports = await Promise.all(printers.map(missing));
  const spool = (await isThere(spool_dir))
    ? undefined
    : `spool_dir: ${spool_dir} is not there yet; it is made when needed`;
  return [...ports, spool].filter((text) => text !== undefined);
};

const isThere = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
