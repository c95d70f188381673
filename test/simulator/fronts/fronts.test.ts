import { connect } from 'node:net';
import { MockBinding } from '@serialport/binding-mock';
import { SerialPort } from 'serialport';
import { MockFront } from '../../../src/simulator/fronts/mock-front.js';
import { PtyFront } from '../../../src/simulator/fronts/pty-front.js';
import { TcpFront } from '../../../src/simulator/fronts/tcp-front.js';
import { describeFront } from './front-conformance.js';
import type { FrontHost } from './front-rig.js';
import { serialHost } from './serial-host.js';

describeFront('a pseudo-terminal', () => {
  const front = new PtyFront();
  return {
    front,
    open: () => serialHost(new SerialPort({ path: front.path, baudRate: 250_000, autoOpen: false })),
  };
});

const tcpHost = (url: string): Promise<FrontHost> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    const hungUp = new Promise<void>((gone) => void socket.on('close', () => gone()));
    socket.on('error', reject);
    socket.on('connect', () =>
      resolve({
        send: (text) =>
          new Promise((sent, failed) => {
            socket.write(Buffer.from(text, 'latin1'), (error) => (error ? failed(error) : sent()));
          }),
        close: async () => {
          socket.end();
          await hungUp;
        },
        get received() {
          return received;
        },
        hungUp,
      }),
    );
  });

describeFront('a TCP socket', () => {
  const front = new TcpFront();
  return { front, open: () => tcpHost(front.path) };
});

let mocks = 0;
describeFront('the mock binding', () => {
  const front = new MockFront(MockBinding, `/dev/simulated${(mocks += 1)}`);
  // Serialport takes a binding that its types do not speak of.
  const binding = { binding: front.binding };
  return {
    front,
    open: () => serialHost(new SerialPort({ path: front.path, baudRate: 115_200, autoOpen: false, ...binding })),
  };
});
