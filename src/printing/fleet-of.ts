import type { DevicesConfig } from '../devices/load-devices.js';
import type { EventBus } from '../events/event-bus.js';
import { monotonicClock } from '../printer/clock.js';
import { Printer } from '../printer/printer.js';
import { portTransport } from '../transport/transport-for.js';
import { Fleet } from './fleet.js';
import { printerProfileOf } from './printer-profile-of.js';

/** The fleet of a devices.json: its enabled printers, not started yet. `paths` says where the simulated ones can be reached. */
export const fleetOf = (
  devices: DevicesConfig,
  options: { readonly events: EventBus; readonly paths?: ReadonlyMap<string, string> },
): Fleet =>
  new Fleet((onChange) =>
    devices.printers
      .filter(({ enabled }) => enabled)
      .map(
        (device) =>
          new Printer({
            profile: printerProfileOf(device, options.paths?.get(device.id)),
            transport: portTransport,
            events: options.events,
            clock: monotonicClock,
            onChange,
          }),
      ),
  );
