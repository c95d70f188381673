import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pendingLimit } from '../../src/transport/link.js';
import { parseTcpPath, tcpTransport } from '../../src/transport/tcp-transport.js';
import { Recorder } from '../contracts/transport-contract.js';

describe('parseTcpPath', () => {
  it.each([
    ['tcp://10.0.0.7:8080', { host: '10.0.0.7', port: 8080 }],
    ['tcp://printer.local:23/', { host: 'printer.local', port: 23 }],
    ['tcp://[fe80::1%eth0]:23', { host: 'fe80::1%eth0', port: 23 }],
    ['tcp://printer', undefined],
    ['tcp://printer:0', undefined],
    ['tcp://printer:99999', undefined],
    ['tcp://:23', undefined],
    ['http://printer:23', undefined],
  ])('%s', (path, address) => {
    expect(parseTcpPath(path)).toEqual(address);
  });
});

describe('tcpTransport', () => {
  let server: Server;
  let sockets: Socket[];
  let path: string;
  const recorder = (): Recorder => new Recorder();

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
      socket.pause();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    path = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it('refuses a path that is no address', async () => {
    const transport = tcpTransport({ path: 'tcp://printer', baudRate: 115_200 });
    await expect(transport.open(recorder())).rejects.toThrow(/PORT_NOT_FOUND.*tcp:\/\/HOST:PORT/);
  });

  it('says that nobody listens, with the reason', async () => {
    const transport = tcpTransport({ path: 'tcp://127.0.0.1:1', baudRate: 115_200 });
    await expect(transport.open(recorder())).rejects.toThrow(/PORT_NOT_FOUND.*ECONNREFUSED/);
  });

  it('is lost when the peer takes nothing for ever', async () => {
    const transport = tcpTransport({ path, baudRate: 115_200 });
    const listener = recorder();
    await transport.open(listener);
    const text = 'x'.repeat(pendingLimit);
    for (let n = 0; n < 40 && listener.losses.length === 0; n += 1) {
      transport.write(text);
      await new Promise(setImmediate);
    }
    await listener.until(() => listener.losses.length > 0);
    expect(listener.losses[0]?.message).toContain('took no byte');
    await transport.close();
  });

  it('does not wait for ever for a peer that takes nothing when it closes', async () => {
    const transport = tcpTransport({ path, baudRate: 115_200 });
    await transport.open(recorder());
    for (let n = 0; n < 8; n += 1) transport.write('x'.repeat(pendingLimit - 1));
    await transport.close();
  });

  it('is lost when the peer ends its side', async () => {
    const transport = tcpTransport({ path, baudRate: 115_200 });
    const listener = recorder();
    await transport.open(listener);
    while (sockets.length === 0) await new Promise(setImmediate);
    sockets[0]?.end('bye');
    await listener.until(() => listener.losses.length > 0);
    expect(listener.got).toEqual(['bye']);
    expect(listener.losses[0]?.message).toContain('the peer closed the connection');
    await transport.close();
  });
});
