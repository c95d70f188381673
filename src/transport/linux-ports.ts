import { readFile, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a USB adapter says of itself; ids are four hexadecimal digits. */
export interface UsbIdentity {
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serialNumber: string | undefined;
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
}

export interface LinuxPort extends UsbIdentity {
  readonly path: string;
  readonly byId: string | undefined;
  readonly byPath: string | undefined;
}

/** USB adapters, native USB boards, the Raspberry Pi's UARTs, Bluetooth. */
const serialName = /^(tty(USB|ACM|AMA|S|O|MFD|XRUSB|WCH|mxc|THS|SC)\d+|rfcomm\d+)$/;
/** The USB device lies above its interface and the tty, at most this many folders up. */
const parents = 5;

/**
 * Serial ports as Linux shows them in /dev, /dev/serial and /sys. `root` stands for `/`; paths in the answer begin at it as well, so
 * that with `/` they are real ones.
 */
export const readLinuxPorts = async (root: string): Promise<LinuxPort[]> => {
  const dev = join(root, 'dev');
  const [names, byId, byPath] = await Promise.all([
    entries(dev),
    linksIn(join(dev, 'serial/by-id')),
    linksIn(join(dev, 'serial/by-path')),
  ]);
  const ports: LinuxPort[] = [];
  for (const name of names.filter((entry) => serialName.test(entry))) {
    const path = join(dev, name);
    const sys = join(root, 'sys/class/tty', name);
    if (name.startsWith('ttyS') && !(await isUartThere(sys))) continue;
    ports.push({ path, byId: byId.get(path), byPath: byPath.get(path), ...(await usbIdentity(sys)) });
  }
  return ports;
};

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Where the links of a folder lead, as a map from the device to the link. */
const linksIn = async (folder: string): Promise<Map<string, string>> => {
  const links = (await entries(folder)).sort().map(async (name) => {
    const link = join(folder, name);
    const device = await realpath(link).catch(() => undefined);
    return device === undefined ? undefined : ([device, link] as const);
  });
  return new Map((await Promise.all(links)).filter((pair) => pair !== undefined));
};

/** A PC has names for 32 UARTs; the type of one that is not there is 0. */
const isUartThere = async (sys: string): Promise<boolean> => {
  const type = await text(join(sys, 'type'));
  return type !== undefined && type !== '0';
};

const usbIdentity = async (sys: string): Promise<UsbIdentity> => {
  let folder = await realpath(join(sys, 'device')).catch(() => undefined);
  for (let up = 0; folder !== undefined && up < parents; up += 1) {
    const vendorId = await text(join(folder, 'idVendor'));
    if (vendorId !== undefined) {
      const [productId, manufacturer, product, serialNumber] = await Promise.all(
        ['idProduct', 'manufacturer', 'product', 'serial'].map((name) => text(join(folder ?? '', name))),
      );
      return { vendorId, productId, manufacturer, product, serialNumber };
    }
    folder = dirname(folder);
  }
  return {
    vendorId: undefined,
    productId: undefined,
    manufacturer: undefined,
    product: undefined,
    serialNumber: undefined,
  };
};

const text = async (path: string): Promise<string | undefined> => {
  const content = await readFile(path, 'utf8').catch(() => '');
  return content.trim() === '' ? undefined : content.trim();
};
