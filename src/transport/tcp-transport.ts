import { type Socket, connect } from 'node:net';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { LineFramer } from './line-framer.js';
import { type Link, type LinkEvents, closePatienceMs, pendingLimit } from './link.js';
import { LinkTransport } from './link-transport.js';
import type { TransportFactory } from './transport.js';

const connectTimeoutMs = 5000;
/** After this much silence the system begins to ask whether the peer still lives, ms. */
const keepAliveMs = 10_000;

/** Host and port of `tcp://host:port`; undefined if the path is no such address. IPv6 stands in brackets. */
export const parseTcpPath = (path: string): { readonly host: string; readonly port: number } | undefined => {
  const match = /^tcp:\/\/(?:\[([0-9a-f:.%a-z]+)\]|([^\s:/[\]]+)):(\d{1,5})\/?$/i.exec(path);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
};

/** Raw bytes over TCP, as serial servers and network boards give them; the baud rate is the server's own affair. */
export const tcpTransport: TransportFactory = ({ path }) =>
  new LinkTransport(path, async (events, signal) => {
    const address = parseTcpPath(path);
    if (!address) throw new SpoolgateError('PORT_NOT_FOUND', { detail: `${path}: the address is not tcp://HOST:PORT` });
    return new TcpLink(await connectSocket(address, signal), events);
  });

const connectSocket = (address: { host: string; port: number }, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('connect', onConnect);
      if (error) {
        socket.destroy();
        reject(error);
      } else resolve(socket);
    };
    const onAbort = (): void => settle(new Error('closed while it was being opened'));
    const onConnect = (): void => settle();
    const timer = setTimeout(
      () => settle(Object.assign(new Error(`no answer within ${connectTimeoutMs} ms`), { code: 'ETIMEDOUT' })),
      connectTimeoutMs,
    );
    socket.once('connect', onConnect);
    // Kept after the connection: a socket without this listener takes the process down.
    socket.on('error', settle);
    signal.addEventListener('abort', onAbort, { once: true });
  });

class TcpLink implements Link {
  readonly #socket: Socket;
  readonly #framer = new LineFramer();
  readonly #closed: Promise<void>;
  #ended = false;

  constructor(socket: Socket, events: LinkEvents) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => resolve());
    });
    const end = (cause: unknown): void => {
      if (this.#ended) return;
      this.#ended = true;
      events.lines(this.#framer.end());
      events.ended(cause);
    };
    socket.on('error', end);
    socket.once('end', () => end(new Error('the peer closed the connection')));
    socket.once('close', () => end(new Error('the connection was closed')));
    socket.on('data', (chunk: Buffer) => events.lines(this.#framer.push(chunk)));
  }

  write(text: string): void {
    this.#socket.write(text, 'latin1');
    if (this.#socket.writableLength > pendingLimit)
      this.#socket.destroy(new Error(`the peer took no byte of ${this.#socket.writableLength}`));
  }

  close(): Promise<void> {
    this.#ended = true;
    // What was written last still leaves, unless the peer is gone or takes nothing.
    this.#socket.destroySoon();
    const timer = setTimeout(() => this.#socket.destroy(), closePatienceMs);
    return this.#closed.finally(() => clearTimeout(timer));
  }
}
