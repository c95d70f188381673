import type { SerialPort } from 'serialport';
import type { FrontHost } from './front-rig.js';

/** What SerialPort and its mock have in common. */
type Port = Pick<SerialPort, 'write' | 'drain' | 'close' | 'isOpen'> & {
  on(event: 'data' | 'close' | 'error' | 'open', listener: (argument: Buffer) => void): unknown;
  open(callback: (error: Error | null) => void): void;
};

/** Opens a serialport as a host would; the port was made with `autoOpen: false`. */
export const serialHost = async (port: Port): Promise<FrontHost> => {
  let received = '';
  port.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  port.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => void port.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return {
    send: (text) =>
      new Promise((resolve, reject) => {
        port.write(Buffer.from(text, 'latin1'));
        port.drain((error) => (error ? reject(error) : resolve()));
      }),
    close: () =>
      new Promise((resolve, reject) => {
        port.close((error) => (error ? reject(error) : resolve()));
      }),
    get received() {
      return received;
    },
    get hungUp() {
      // Serialport may miss a hang-up until something is written.
      const nudge = setInterval(() => port.isOpen && port.write('\n'), 20);
      return closed.finally(() => clearInterval(nudge));
    },
  };
};
