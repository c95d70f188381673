import { describe, expect, it } from 'vitest';
import { type Device, parseDevices } from '../../src/devices/load-devices.js';
import { printerProfileOf } from '../../src/printing/printer-profile-of.js';

const device = (fields: object): Device => {
  const [only] = parseDevices(JSON.stringify({ printers: [{ id: 'left', ...fields }] }), 'devices.json').printers;
  return only!;
};

describe("a printer's profile", () => {
  it('comes from devices.json, in ms and bytes', () => {
    expect(
      printerProfileOf(
        device({
          name: 'The left one',
          path: '/dev/ttyUSB0',
          baud_rate: 250_000,
          buffers: { rx_bytes: 63, command_slots: 8, line_bytes: 255 },
          timeouts: { connect_s: 9, boot_s: 1.5, silence_s: 20, heat_s: 600 },
          cancel_script: ['M104 S0'],
          pause_script: ['G91'],
          resume_script: ['M300'],
        }),
      ),
    ).toMatchObject({
      id: 'left',
      name: 'The left one',
      path: '/dev/ttyUSB0',
      baudRate: 250_000,
      dialect: { maxLineBytes: 255 },
      window: { bytes: 63, lines: 7 },
      greetingTimes: { bannerMs: 1500, limitMs: 9000 },
      lineTimes: { silenceMs: 20_000, longSilenceMs: 600_000 },
      scripts: { cancel: ['M104 S0'], pause: ['G91'], resume: ['M300'] },
      clearsItself: false,
    });
  });

  it.each([
    [{ command_slots: 4 }, 3],
    [{ command_slots: 1 }, 1],
    [{ command_slots: 4, window_lines: 4 }, 4],
    [{ command_slots: 4, window_lines: 1 }, 1],
  ])('leaves one slot free for an emergency stop unless told otherwise: %o', (buffers, lines) => {
    expect(printerProfileOf(device({ path: '/dev/x', buffers })).window.lines).toBe(lines);
  });

  it('knows who clears the bed', () => {
    expect(printerProfileOf(device({ simulated: {} })).clearsItself).toBe(true);
    expect(printerProfileOf(device({ simulated: {}, clear_bed: 'by_hand' })).clearsItself).toBe(false);
    expect(printerProfileOf(device({ path: '/dev/x', clear_bed: 'by_itself' })).clearsItself).toBe(true);
  });

  it('has the port where the printer really is', () => {
    expect(printerProfileOf(device({ simulated: {} })).path).toBe('simulated:left');
    expect(printerProfileOf(device({ simulated: {} }), '/dev/pts/3').path).toBe('/dev/pts/3');
  });
});
