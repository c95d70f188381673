import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listPorts } from '../../src/transport/list-ports.js';

describe('listPorts', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ports-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const file = (path: string, content = ''): string => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  };
  const link = (from: string, to: string): string => {
    const full = join(root, from);
    mkdirSync(dirname(full), { recursive: true });
    symlinkSync(join(root, to), full);
    return full;
  };
  /** A USB adapter as the kernel shows it: the tty's device lies two folders below the USB device. */
  const usb = (name: string, socket: string, facts: Record<string, string>): void => {
    file(`dev/${name}`);
    for (const [fact, value] of Object.entries(facts)) file(`sys/devices/usb1/${socket}/${fact}`, `${value}\n`);
    file(`sys/devices/usb1/${socket}/${socket}:1.0/${name}/uevent`);
    link(`sys/class/tty/${name}/device`, `sys/devices/usb1/${socket}/${socket}:1.0/${name}`);
  };
  const noUdevadm = (): Promise<never> => Promise.reject(new Error('spawn udevadm ENOENT'));

  it('reads the kernel when serialport cannot list', async () => {
    usb('ttyUSB10', '1-2', { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' });
    usb('ttyUSB2', '1-1', {
      idVendor: '0403',
      idProduct: '6001',
      manufacturer: 'FTDI',
      product: 'FT232R',
      serial: 'A5',
    });
    const byId = link('dev/serial/by-id/usb-FTDI_FT232R_A5-if00-port0', 'dev/ttyUSB2');
    const byPath = link('dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0', 'dev/ttyUSB10');
    link('dev/serial/by-path/stale', 'dev/gone');
    file('dev/ttyAMA0');
    file('dev/tty7');
    file('dev/null');
    expect(await listPorts({ list: noUdevadm, root, platform: 'linux' })).toEqual([
      expect.objectContaining({ path: join(root, 'dev/ttyAMA0'), vendorId: undefined, byId: undefined }),
      {
        path: join(root, 'dev/ttyUSB2'),
        byId,
        byPath: undefined,
        vendorId: '0403',
        productId: '6001',
        manufacturer: 'FTDI',
        product: 'FT232R',
        serialNumber: 'A5',
      },
      expect.objectContaining({ path: join(root, 'dev/ttyUSB10'), byPath, vendorId: '1a86', serialNumber: undefined }),
    ]);
  });

  it('leaves out UARTs that a PC only has names for', async () => {
    for (const [name, type] of [
      ['ttyS0', '4'],
      ['ttyS1', '0'],
    ]) {
      file(`dev/${name}`);
      file(`sys/class/tty/${name}/type`, `${type}\n`);
    }
    file('dev/ttyS2');
    const list = (): Promise<{ path: string }[]> => Promise.resolve([{ path: '/dev/ttyS3' }]);
    const ports = await listPorts({ list, root, platform: 'linux' });
    expect(ports.map(({ path }) => path)).toEqual([join(root, 'dev/ttyS0')]);
  });

  it('adds what only serialport knows, and takes its list alone off Linux', async () => {
    usb('ttyACM0', '1-3', { idVendor: '2c99' });
    const path = join(root, 'dev/ttyACM0');
    const list = (): Promise<{ path: string; manufacturer?: string; vendorId?: string }[]> =>
      Promise.resolve([
        { path, manufacturer: 'Prusa Research', vendorId: '2C99' },
        { path: 'COM3', vendorId: '1A86' },
      ]);
    const linux = await listPorts({ list, root, platform: 'linux' });
    expect(linux.find((port) => port.path === path)).toMatchObject({
      manufacturer: 'Prusa Research',
      vendorId: '2c99',
    });
    const windows = await listPorts({ list, root, platform: 'win32' });
    expect(windows.map((port) => [port.path, port.vendorId, port.byId])).toEqual([
      [path, '2c99', undefined],
      ['COM3', '1a86', undefined],
    ]);
  });

  it('waits no longer than its patience for serialport', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const listing = listPorts({ list: () => new Promise(() => undefined), root, platform: 'linux' });
      await vi.advanceTimersByTimeAsync(3000);
      expect(await listing).toEqual([]);
      await listPorts({ list: noUdevadm, root, platform: 'linux' });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is an empty list where there is nothing', async () => {
    expect(await listPorts({ list: noUdevadm, root, platform: 'linux' })).toEqual([]);
  });

  it('lists this machine without failing', async () => {
    expect(Array.isArray(await listPorts())).toBe(true);
  });
});
