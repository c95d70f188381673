import type { Device } from '../devices/load-devices.js';
import type { PrinterProfile } from '../printer/printer-profile.js';
import type { Dialect } from '../protocol/dialect.js';
import { marlin } from '../protocol/dialects/marlin.js';
import { defaultGreetingTimes } from '../protocol/greeting.js';
import { defaultLineTimes } from '../protocol/line-times.js';

const dialects: Readonly<Record<Device['dialect'], Dialect>> = { marlin };

/**
 * A printer's profile from its entry in devices.json. `path` is the port where it can be reached, if that is not the entry's own: a
 * simulated printer gets its port when it starts.
 */
export const printerProfileOf = (device: Device, path = device.path): PrinterProfile => {
  const { buffers, timeouts } = device;
  return {
    id: device.id,
    name: device.name,
    path,
    baudRate: device.baud_rate,
    dialect: { ...dialects[device.dialect], maxLineBytes: buffers.line_bytes },
    // One slot of the firmware's queue stays free, so that an emergency stop is read at once (printer-protocol §4).
    window: { bytes: buffers.rx_bytes, lines: buffers.window_lines ?? Math.max(1, buffers.command_slots - 1) },
    greetingTimes: { ...defaultGreetingTimes, bannerMs: timeouts.boot_s * 1000, limitMs: timeouts.connect_s * 1000 },
    lineTimes: {
      ...defaultLineTimes(device.baud_rate),
      silenceMs: timeouts.silence_s * 1000,
      longSilenceMs: timeouts.heat_s * 1000,
    },
    scripts: { cancel: device.cancel_script, pause: device.pause_script, resume: device.resume_script },
    clearsItself: device.clear_bed === 'by_itself',
    idlePollMs: 5000,
    printPollMs: 2000,
  };
};
