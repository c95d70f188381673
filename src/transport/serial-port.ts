import { once } from 'node:events';
import { SerialPort } from 'serialport';

/** What serialport asks of a binding; given only by tests, which pass `MockBinding`. */
export interface PortBinding {
  open(options: never): Promise<unknown>;
  list(): Promise<unknown>;
}

export interface SerialPortOptions {
  readonly path: string;
  readonly baudRate: number;
  readonly binding?: PortBinding | undefined;
}

/** `lowLatency` is serialport's for Linux and missing in its types. The lines are as the system sets them at open, so nothing toggles. */
const modemLines = { dtr: true, rts: true, lowLatency: true };

/**
 * Opens, configures and locks the port, and throws away what an earlier session left in its buffers. The port reads nothing until
 * somebody listens to its data. Rejects with serialport's own error and leaves nothing open then.
 */
export const openSerialPort = async ({ path, baudRate, binding }: SerialPortOptions): Promise<SerialPort> => {
  const port = new SerialPort({ path, baudRate, lock: true, autoOpen: false, ...(binding && { binding }) });
  // A port without this listener takes the process down with its first error; the links add their own.
  port.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  // Both are refused by pseudo-terminals and some drivers, and neither is needed: an FTDI adapter without low latency holds each reply
  // back for 16 ms.
  await new Promise<void>((resolve) => {
    port.flush(() => resolve());
  });
  await new Promise<void>((resolve) => {
    port.set(modemLines, () => resolve());
  });
  return port;
};

/** The descriptor of an open port; undefined where the binding has none. */
export const descriptorOf = (port: SerialPort): number | undefined => {
  const fd: unknown = port.port !== undefined && 'fd' in port.port ? port.port.fd : undefined;
  return typeof fd === 'number' ? fd : undefined;
};

/** Closes the port and waits until its lock is free, also when it is closing already for an error of its own; never rejects. */
export const closeSerialPort = async (port: SerialPort): Promise<void> => {
  if (port.isOpen)
    await new Promise<void>((resolve) => {
      port.close(() => resolve());
    });
  // A failed write destroys the stream, which tells 'close' before the binding has let go of the port.
  while (port.closing) await once(port, 'close').catch(() => undefined);
};
