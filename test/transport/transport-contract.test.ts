import { once } from 'node:events';
import { type Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { MockBinding, type MockPortBinding } from '@serialport/binding-mock';
import type { PortBinding } from '../../src/transport/serial-port.js';
import { type DataPathName, serialTransportWith } from '../../src/transport/serial-transport.js';
import { tcpTransport } from '../../src/transport/tcp-transport.js';
import { type TransportRig, describeTransport } from '../contracts/transport-contract.js';
import { PeerText } from './peer-text.js';
import { Pty } from './pty.js';

const ptyRig = (dataPath: DataPathName) => async (): Promise<TransportRig> => {
  const peer = new PeerText();
  const pty = new Pty(peer.add);
  const factory = serialTransportWith({ dataPath, watchMs: 20 });
  return {
    transport: () => factory({ path: pty.path, baudRate: 250_000 }),
    absent: () => factory({ path: '/dev/serial/by-id/usb-no-such-printer', baudRate: 250_000 }),
    send: (bytes) => pty.write(bytes),
    received: (ending) => peer.endsWith(ending),
    hangUp: () => pty.hangUp(),
    dispose: () => pty.hangUp(),
  };
};

describeTransport('tty data path on a pseudo-terminal', { exclusive: true }, ptyRig('tty'));
describeTransport("serialport's stream on a pseudo-terminal", { exclusive: true }, ptyRig('stream'));

let mocks = 0;
const mockRig = async (): Promise<TransportRig> => {
  const path = `/dev/mock${(mocks += 1)}`;
  MockBinding.createPort(path, { echo: false, maxReadSize: 65_536 });
  const peer = new PeerText();
  let open: MockPortBinding | undefined;
  const binding: PortBinding = {
    list: () => MockBinding.list(),
    open: async (options) => {
      const port = await MockBinding.open(options);
      const write = port.write.bind(port);
      // Writes coalesce in the mock's own record.
      port.write = async (bytes) => {
        await write(bytes);
        peer.add(bytes);
      };
      open = port;
      return port;
    },
  };
  const factory = serialTransportWith({ binding });
  return {
    transport: () => factory({ path, baudRate: 115_200 }),
    absent: () => factory({ path: '/dev/mock-absent', baudRate: 115_200 }),
    send: (bytes) => open?.emitData(bytes),
    received: (ending) => peer.endsWith(ending),
    hangUp: async () => {
      // The mock has no unplugging: a read that fails is what the real binding shows of one.
      if (!open?.isOpen) return;
      open.read = () => Promise.reject(new Error('device was unplugged'));
      open.write = () => Promise.reject(new Error('device was unplugged'));
      const { port } = open;
      if (port) port.data = Buffer.alloc(0);
      open.emitData(Buffer.from('?'));
    },
    dispose: () => Promise.resolve(),
  };
};

describeTransport("serialport's stream on the mock binding", { exclusive: true }, mockRig);

const tcpRig = async (): Promise<TransportRig> => {
  const peer = new PeerText();
  const sockets = new Set<Socket>();
  const early: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', peer.add);
    for (const bytes of early.splice(0)) socket.write(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const hangUp = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    transport: () => tcpTransport({ path: `tcp://127.0.0.1:${port}`, baudRate: 115_200 }),
    absent: () => tcpTransport({ path: 'tcp://127.0.0.1:1', baudRate: 115_200 }),
    send: (bytes) => {
      // The client may be connected before the server has heard of it.
      if (sockets.size === 0) early.push(bytes);
      for (const socket of sockets) socket.write(bytes);
    },
    received: (ending) => peer.endsWith(ending),
    hangUp,
    dispose: async () => {
      await hangUp();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

describeTransport('TCP', { exclusive: false }, tcpRig);
