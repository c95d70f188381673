import { SerialPort } from 'serialport';
import { sleep } from '../lifecycle/sleep.js';
import { type UsbIdentity, readLinuxPorts } from './linux-ports.js';

/** A serial port of this machine. */
export interface PortInfo extends UsbIdentity {
  /** The device as the kernel names it today: `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  /** The link named after the adapter, where it has one; it survives another socket, but identical adapters share it. */
  readonly byId: string | undefined;
  /** The link named after the USB socket. */
  readonly byPath: string | undefined;
}

export interface ListPortsOptions {
  /** What serialport lists; a test gives its own. */
  readonly list?: () => Promise<readonly ListedPort[]>;
  /** Where /dev and /sys are found; a test gives a folder. */
  readonly root?: string;
  readonly platform?: NodeJS.Platform;
}

/** What is used of serialport's own list. */
interface ListedPort {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}

const patienceMs = 3000;

/**
 * The serial ports of this machine, by path. On Linux the kernel's own folders are read, so that it works where serialport's list does
 * not (it needs udevadm, which containers lack); what serialport knows beyond that is added. Never rejects: no port is an empty list.
 */
export const listPorts = async (options: ListPortsOptions = {}): Promise<PortInfo[]> => {
  const { list = () => SerialPort.list(), root = '/', platform = process.platform } = options;
  const [kernel, listed] = await Promise.all([platform === 'linux' ? readLinuxPorts(root) : [], patiently(list)]);
  const ports = new Map<string, PortInfo>(kernel.map((port) => [port.path, port]));
  for (const { path, manufacturer, serialNumber, vendorId, productId } of listed) {
    const known = ports.get(path);
    // On Linux udevadm names each of the 32 UARTs that a PC might have; the kernel's folders tell which are there.
    if (!known && platform === 'linux' && /\/ttyS\d+$/.test(path)) continue;
    ports.set(path, {
      path,
      byId: known?.byId,
      byPath: known?.byPath,
      manufacturer: known?.manufacturer ?? manufacturer,
      product: known?.product,
      serialNumber: known?.serialNumber ?? serialNumber,
      vendorId: known?.vendorId ?? vendorId?.toLowerCase(),
      productId: known?.productId ?? productId?.toLowerCase(),
    });
  }
  return [...ports.values()].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
};

/** What `list` gives, or nothing if it fails or takes too long; leaves no timer behind that would keep the process. */
const patiently = async (list: () => Promise<readonly ListedPort[]>): Promise<readonly ListedPort[]> => {
  const done = new AbortController();
  const none: readonly ListedPort[] = [];
  const listed = await Promise.race([list().catch(() => none), sleep(patienceMs, done.signal).then(() => none)]);
  done.abort();
  return listed;
};
