import { isAbsolute, resolve } from 'node:path';
import { type Device, type DevicesConfig, loadDevices, parseDevices } from '../devices/load-devices.js';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Cli } from './cli.js';

export interface PrintTarget {
  readonly printer?: string | undefined;
  readonly port?: string | undefined;
  readonly baud?: number | undefined;
}

/**
 * The printer that `print` means, as a devices.json of its own. Throws USAGE, PRINTER_UNKNOWN, CONFIG_NOT_FOUND or CONFIG_INVALID.
 */
export const printTarget = async (cli: Cli, { printer, port, baud }: PrintTarget): Promise<DevicesConfig> => {
  if (port !== undefined) {
    if (printer !== undefined) throw usage('--printer and --port exclude each other');
    return onPort(port, baud);
  }
  if (baud !== undefined) throw usage('--baud belongs to --port; a printer of devices.json has its own');
  const devices = await loadDevices(cli.settings.devices);
  const device = printer === undefined ? onlyOne(devices.printers) : named(devices.printers, printer);
  return { ...devices, printers: [{ ...device, enabled: true }] };
};

const onPort = (port: string, baud: number | undefined): DevicesConfig => {
  const isPlain = /^(tcp:\/\/|COM\d|\\\\)/i.test(port) || isAbsolute(port);
  const entry = {
    id: 'printer',
    path: isPlain ? port : resolve(port),
    ...(baud === undefined ? {} : { baud_rate: baud }),
  };
  try {
    return parseDevices(JSON.stringify({ printers: [entry] }), '--port');
  } catch (error) {
    if (!(error instanceof SpoolgateError)) throw error;
    throw new SpoolgateError('USAGE', { detail: error.detail ?? error.message, cause: error });
  }
};

const onlyOne = (printers: readonly Device[]): Device => {
  const enabled = printers.filter((device) => device.enabled);
  const [only] = enabled;
  if (only && enabled.length === 1) return only;
  throw usage(`say which printer: --printer ${enabled.map(({ id }) => id).join(' | ') || 'ID'}, or --port PATH`);
};

const named = (printers: readonly Device[], id: string): Device => {
  const device = printers.find((one) => one.id === id);
  if (device) return device;
  const known = printers.map((one) => one.id).join(', ');
  throw new SpoolgateError('PRINTER_UNKNOWN', { detail: `${id}; there are ${known}` });
};

const usage = (detail: string): SpoolgateError => new SpoolgateError('USAGE', { detail });
