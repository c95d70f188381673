import { resolve } from 'node:path';
import { loadDevices } from '../devices/load-devices.js';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Cli } from './cli.js';

export interface SpoolSettings {
  readonly spoolDir: string;
  readonly queue: string;
}

/**
 * Where files lie and which queue prints them: from devices.json, unless the flags say both. A machine that only pushes needs no
 * devices.json if it names the spool folder, which then is one that it shares with the gateway.
 */
export const spoolSettings = async (
  cli: Cli,
  flags: { readonly spoolDir?: string | undefined; readonly queue?: string | undefined },
): Promise<SpoolSettings> => {
  const { spoolDir, queue } = flags;
  if (spoolDir !== undefined && !cli.settings.devicesNamed) {
    return { spoolDir: resolve(spoolDir), queue: queue ?? 'printers' };
  }
  const devices = await loadDevices(cli.settings.devices).catch((error: unknown) => {
    if (!(error instanceof SpoolgateError) || error.code !== 'CONFIG_NOT_FOUND') throw error;
    const detail = `${error.detail ?? ''}; it says where the spool folder is, as --spool-dir would`;
    throw new SpoolgateError('CONFIG_NOT_FOUND', { detail, data: error.data, cause: error });
  });
  return {
    spoolDir: spoolDir === undefined ? devices.spool_dir : resolve(spoolDir),
    queue: queue ?? devices.gateway.queue,
  };
};
