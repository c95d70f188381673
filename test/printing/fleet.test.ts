import { describe, expect, it, onTestFinished } from 'vitest';
import { EventBus } from '../../src/events/event-bus.js';
import { parseDevices } from '../../src/devices/load-devices.js';
import { monotonicClock } from '../../src/printer/clock.js';
import { Printer } from '../../src/printer/printer.js';
import { fleetOf } from '../../src/printing/fleet-of.js';
import { Fleet } from '../../src/printing/fleet.js';
import { printerProfileOf } from '../../src/printing/printer-profile-of.js';
import { ScriptedPrinter } from './support/scripted-printer.js';

const fleetWith = (...ids: string[]): { fleet: Fleet; scripts: Map<string, ScriptedPrinter> } => {
  const scripts = new Map(ids.map((id) => [id, new ScriptedPrinter()]));
  const devices = parseDevices(
    JSON.stringify({ printers: ids.map((id) => ({ id, path: `/dev/${id}` })) }),
    'devices.json',
  );
  const fleet = new Fleet((onChange) =>
    devices.printers.map(
      (device) =>
        new Printer({
          profile: printerProfileOf(device),
          transport: scripts.get(device.id)!.transport,
          events: new EventBus(),
          clock: monotonicClock,
          onChange,
        }),
    ),
  );
  onTestFinished(() => fleet.stop());
  return { fleet, scripts };
};

describe('a fleet', () => {
  it('knows its printers by their ids', () => {
    const { fleet } = fleetWith('left', 'right');
    expect(fleet.get('left').id).toBe('left');
    expect(fleet.printers.map(({ id }) => id)).toEqual(['left', 'right']);
    expect(() => fleet.get('middle')).toThrow(/PRINTER_UNKNOWN.*middle; there are left, right/);
  });

  it('says which are ready, and tells when that may have changed', async () => {
    const { fleet, scripts } = fleetWith('left', 'right');
    scripts.get('right')!.plugged = false;
    let changes = 0;
    const off = fleet.onChange(() => (changes += 1));
    expect(fleet.ready).toEqual([]);
    await fleet.start();
    expect(fleet.ready.map(({ id }) => id)).toEqual(['left']);
    expect(fleet.get('right').state).toBe('offline');
    expect(changes).toBeGreaterThan(0);

    for (const change of [
      () => fleet.get('left').occupyBed(),
      () => fleet.get('left').clearBed(),
      () => fleet.get('left').putAside({ code: 'X', reason: 'x', since: new Date() }),
      () => fleet.get('left').returnToService(),
      () => fleet.get('left').emergencyStop(),
    ]) {
      const before = changes;
      change();
      expect(changes).toBeGreaterThan(before);
    }
    expect(fleet.ready).toEqual([]);
    off();
    const last = changes;
    fleet.get('left').occupyBed();
    expect(changes).toBe(last);
  });

  it('keeps the first reason for which a printer was set aside', () => {
    const printer = fleetWith('left').fleet.get('left');
    printer.putAside({ code: 'A', reason: 'first', since: new Date() });
    printer.putAside({ code: 'B', reason: 'second', since: new Date() });
    expect(printer.setAside).toMatchObject({ code: 'A' });
  });

  it('stops its printers, as often as you like', async () => {
    const { fleet } = fleetWith('left');
    await fleet.start();
    await fleet.stop();
    await fleet.stop();
    expect(fleet.printers.map(({ state }) => state)).toEqual(['stopped']);
  });
});

describe('the fleet of a devices.json', () => {
  it('has its enabled printers, simulated ones at the port they were given', () => {
    const devices = parseDevices(
      JSON.stringify({
        printers: [
          { id: 'real', path: '/dev/ttyUSB0' },
          { id: 'off', path: '/dev/ttyUSB1', enabled: false },
          { id: 'sim', simulated: {} },
        ],
      }),
      'devices.json',
    );
    const fleet = fleetOf(devices, { events: new EventBus(), paths: new Map([['sim', '/dev/pts/9']]) });
    expect(fleet.printers.map(({ id, profile }) => [id, profile.path])).toEqual([
      ['real', '/dev/ttyUSB0'],
      ['sim', '/dev/pts/9'],
    ]);
  });
});
