import { loadDevices } from '../../devices/load-devices.js';
import { EventBus } from '../../events/event-bus.js';
import { fleetOf } from '../../printing/fleet-of.js';
import type { PrintSetup } from './print-setup.js';

/**
 * The printers of devices.json: the file that `SPOOLGATE_DEVICES` names, or the one in the working folder. Rejects with CONFIG_NOT_FOUND
 * or CONFIG_INVALID.
 */
export const defaultSetup = async (): Promise<PrintSetup> => {
  const devices = await loadDevices(process.env['SPOOLGATE_DEVICES'] ?? 'devices.json');
  const fleet = fleetOf(devices, { events: new EventBus() });
  await fleet.start();
  return { fleet: () => fleet, spoolDir: devices.spool_dir, ownsFleet: true };
};
