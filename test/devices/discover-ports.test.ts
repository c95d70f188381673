import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ListedPort, discoverPorts } from '../../src/devices/discover-ports.js';
import { parseDevices } from '../../src/devices/load-devices.js';

const port = (fields: Partial<ListedPort> & { path: string }): ListedPort => ({
  byId: undefined,
  byPath: undefined,
  manufacturer: undefined,
  product: undefined,
  serialNumber: undefined,
  vendorId: undefined,
  productId: undefined,
  ...fields,
});

const discover = (
  ports: readonly ListedPort[],
  devices: readonly { id: string; path: string }[] = [],
): ReturnType<typeof discoverPorts> => discoverPorts({ listPorts: () => Promise.resolve(ports), devices });

describe('discoverPorts', () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'discover-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells which printer of devices.json has which port, by any of its names', async () => {
    const device = join(folder, 'ttyUSB3');
    writeFileSync(device, '');
    symlinkSync(device, join(folder, 'my-printer'));
    const ports = [
      port({ path: '/dev/ttyUSB0', byId: '/dev/serial/by-id/a' }),
      port({ path: '/dev/ttyUSB1', byPath: '/dev/serial/by-path/b' }),
      port({ path: '/dev/ttyUSB2' }),
      port({ path: device }),
    ];
    const devices = [
      { id: 'by-id', path: '/dev/serial/by-id/a' },
      { id: 'by-path', path: '/dev/serial/by-path/b' },
      { id: 'own-link', path: join(folder, 'my-printer') },
    ];
    const found = await discover(ports, devices);
    expect(found.map(({ configuredAs }) => configuredAs)).toEqual(['by-id', 'by-path', undefined, 'own-link']);
  });

  it('proposes the path that will mean the same port tomorrow', async () => {
    const byId = '/dev/serial/by-id/x';
    const byPath = '/dev/serial/by-path/y';
    const found = await discover([
      port({ path: '/dev/ttyUSB0', byId, byPath, serialNumber: 'A5' }),
      port({ path: '/dev/ttyUSB1', byId, byPath }),
      port({ path: '/dev/ttyUSB2', byId }),
      port({ path: '/dev/ttyUSB3', byPath, serialNumber: 'A6' }),
      port({ path: '/dev/ttyAMA0' }),
    ]);
    expect(found.map(({ bestPath }) => bestPath)).toEqual([byId, byPath, byId, byPath, '/dev/ttyAMA0']);
  });

  it('writes entries that devices.json takes, with ids of their own', async () => {
    const found = await discover(
      [
        port({ path: '/dev/ttyACM0', product: 'Original Prusa i3 MK3', manufacturer: 'Prusa Research' }),
        port({ path: '/dev/ttyACM1', product: 'Original Prusa i3 MK3' }),
        port({ path: '/dev/ttyUSB0', manufacturer: 'FTDI' }),
        port({ path: '/dev/ttyUSB1', product: '(打印机)' }),
        port({ path: '/dev/ttyUSB2' }),
      ],
      [{ id: 'printer', path: '/dev/none' }],
    );
    const text = `{"printers": [${found.map(({ suggestion }) => suggestion).join(',\n')}]}`;
    expect(parseDevices(text, '/devices.json').printers.map(({ id, path }) => [id, path])).toEqual([
      ['original-prusa-i3-mk3', '/dev/ttyACM0'],
      ['original-prusa-i3-mk3-2', '/dev/ttyACM1'],
      ['ftdi', '/dev/ttyUSB0'],
      ['printer-2', '/dev/ttyUSB1'],
      ['printer-3', '/dev/ttyUSB2'],
    ]);
  });

  it('works without a configuration', async () => {
    const [only] = await discoverPorts({ listPorts: () => Promise.resolve([port({ path: '/dev/ttyUSB0' })]) });
    expect(only).toMatchObject({ configuredAs: undefined, bestPath: '/dev/ttyUSB0' });
  });
});
