import { realpath } from 'node:fs/promises';
import type { Device } from './load-devices.js';

/** A serial port of this machine, as transport/ lists them. */
export interface ListedPort {
  readonly path: string;
  readonly byId: string | undefined;
  readonly byPath: string | undefined;
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serialNumber: string | undefined;
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
}

export interface DiscoveredPort extends ListedPort {
  /** Id of the printer that devices.json gives this port to. */
  readonly configuredAs: string | undefined;
  /** The path to write in devices.json: the one that means this port after a restart as well. */
  readonly bestPath: string;
  /** An entry for `printers`, ready to paste; baud rate and bed must be checked. */
  readonly suggestion: string;
}

export interface DiscoverOptions {
  readonly listPorts: () => Promise<readonly ListedPort[]>;
  readonly devices?: readonly Pick<Device, 'id' | 'path'>[];
}

/** The serial ports that exist, which of them are configured, and what to write for the others. */
export const discoverPorts = async ({ listPorts, devices = [] }: DiscoverOptions): Promise<DiscoveredPort[]> => {
  const [ports, configured] = await Promise.all([
    listPorts(),
    Promise.all(devices.map(async ({ id, path }) => ({ id, path, real: await realpath(path).catch(() => path) }))),
  ]);
  const ids = new Set(devices.map(({ id }) => id));
  const discovered: DiscoveredPort[] = [];
  for (const port of ports) {
    const isMine = (path: string): boolean => path === port.path || path === port.byId || path === port.byPath;
    const owner = configured.find(({ path, real }) => isMine(path) || real === port.path);
    const bestPath = bestPathOf(port);
    discovered.push({ ...port, configuredAs: owner?.id, bestPath, suggestion: suggest(port, bestPath, ids) });
  }
  return discovered;
};

/** Adapters without a serial number (many CH340) share one by-id name, so the socket tells them apart. */
const bestPathOf = ({ path, byId, byPath, serialNumber }: ListedPort): string =>
  (serialNumber === undefined ? (byPath ?? byId) : (byId ?? byPath)) ?? path;

const suggest = ({ product, manufacturer }: ListedPort, path: string, ids: Set<string>): string => {
  const name = product ?? manufacturer ?? 'Printer';
  const entry = { id: freeId(name, ids), name, path, baud_rate: 115_200, bed: { x_mm: 250, y_mm: 210, z_mm: 210 } };
  return JSON.stringify(entry, undefined, 2);
};

const freeId = (name: string, ids: Set<string>): string => {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
  const base = slug === '' ? 'printer' : slug;
  let id = base;
  for (let n = 2; ids.has(id); n += 1) id = `${base}-${n}`;
  ids.add(id);
  return id;
};
