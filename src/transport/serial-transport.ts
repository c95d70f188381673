import type { SerialPort } from 'serialport';
import type { DataPath, Link, LinkEvents } from './link.js';
import { LinkTransport } from './link-transport.js';
import { watchForHangUp } from './links/hang-up-watch.js';
import { StreamLink } from './links/stream-link.js';
import { openTtyLink } from './links/tty-link.js';
import { type PortBinding, closeSerialPort, descriptorOf, openSerialPort } from './serial-port.js';
import type { TransportFactory } from './transport.js';

/** `tty`: Node's event loop reads the device; `stream`: serialport does. Without a choice, `tty` wherever the device allows it. */
export type DataPathName = 'tty' | 'stream';

export interface SerialTransportOptions {
  readonly dataPath?: DataPathName;
  /** In place of the system's ports: `MockBinding`. It has no descriptor, so its data path is `stream`. */
  readonly binding?: PortBinding;
  /** How often a silent hang-up is looked for, ms. */
  readonly watchMs?: number;
}

/** Serial ports and pseudo-terminals, opened, configured and locked by serialport. */
export const serialTransportWith =
  ({ dataPath, binding, watchMs }: SerialTransportOptions): TransportFactory =>
  ({ path, baudRate }) =>
    new LinkTransport(`${path} at ${baudRate} baud`, async (events) => {
      const port = await openSerialPort({ path, baudRate, binding });
      try {
        return new SerialLink(port, events, dataPath, watchMs);
      } catch (cause) {
        await closeSerialPort(port);
        throw cause;
      }
    });

export const serialTransport: TransportFactory = serialTransportWith({});

/** A data path and the port under it, closed in this order: the last descriptor goes in serialport's thread, where closing may wait. */
class SerialLink implements Link {
  readonly #port: SerialPort;
  readonly #data: DataPath;
  readonly #stopWatching: () => void;
  #closing: Promise<void> | undefined;

  constructor(port: SerialPort, events: LinkEvents, dataPath: DataPathName | undefined, watchMs: number | undefined) {
    this.#port = port;
    const fd = descriptorOf(port);
    this.#data = openDataPath(port, fd, events, dataPath);
    this.#stopWatching =
      fd === undefined
        ? () => undefined
        : watchForHangUp(fd, () => this.#data.end(new Error('the device hung up')), watchMs);
  }

  write(text: string): void {
    this.#data.write(text);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopWatching();
    await this.#data.close();
    await closeSerialPort(this.#port);
  }
}

const openDataPath = (
  port: SerialPort,
  fd: number | undefined,
  events: LinkEvents,
  dataPath: DataPathName | undefined,
): DataPath => {
  if (fd === undefined || dataPath === 'stream') return new StreamLink(port, events);
  try {
    return openTtyLink(port.path, events);
  } catch (cause) {
    // Another program's TIOCEXCL refuses a second opening; the port that is already open still works.
    if (dataPath === 'tty') throw cause;
    return new StreamLink(port, events);
  }
};
