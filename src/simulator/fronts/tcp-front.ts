import { createServer, type Server, type Socket } from 'node:net';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { FrontHandlers, SimulatorFront } from '../simulator-front.js';

export interface TcpFrontOptions {
  /** The loopback address by default: the port takes orders from anyone who reaches it. */
  readonly host?: string;
  /** 0 takes a free one, which is kept from then on. */
  readonly port?: number;
}

/** A TCP socket that speaks the serial line's bytes. A client's connection is the host's opening of the port. */
export class TcpFront implements SimulatorFront {
  readonly #host: string;
  #port: number;
  #handlers: FrontHandlers | undefined;
  #server: Server | undefined;
  #client: Socket | undefined;

  constructor({ host = '127.0.0.1', port = 0 }: TcpFrontOptions = {}) {
    this.#host = host;
    this.#port = port;
  }

  get path(): string {
    return `tcp://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.#port}`;
  }

  async start(handlers: FrontHandlers): Promise<void> {
    this.#handlers = handlers;
    await this.plugIn();
  }

  write(bytes: Uint8Array): void {
    if (this.#client?.writable) this.#client.write(bytes);
  }

  async plugIn(): Promise<void> {
    if (this.#server) return;
    const server = createServer((socket) => this.#connected(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        this.#server = undefined;
        reject(new SpoolgateError('SIMULATOR_LISTEN', { detail: this.path, cause }));
      });
      server.listen(this.#port, this.#host, resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  async unplug(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#drop();
    if (server) await new Promise<void>((resolve) => void server.close(() => resolve()));
  }

  stop(): Promise<void> {
    return this.unplug();
  }

  #connected(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#client) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    this.#client = socket;
    socket.on('data', (chunk) => this.#handlers?.onData(chunk));
    socket.on('close', () => {
      if (this.#client === socket) this.#drop();
    });
    this.#handlers?.onOpen();
  }

  #drop(): void {
    const client = this.#client;
    if (!client) return;
    this.#client = undefined;
    client.destroy();
    this.#handlers?.onClose();
  }
}
