import type { FrontHandlers, SimulatorFront } from '../simulator-front.js';

/** What the front uses of an open port of @serialport/binding-mock. */
export interface MockPort {
  write(buffer: Buffer): Promise<void>;
  close(): Promise<void>;
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
  emitData(data: Buffer): void;
  readonly isOpen: boolean;
}

/** What the front uses of MockBinding. */
export interface MockBindingLike {
  createPort(path: string): void;
  open(options: { path: string }): Promise<MockPort>;
}

/**
 * A port of an injected MockBinding. Hosts open `binding`, which is the given one with an ear on it: the mock tells nobody of opening,
 * closing and writing. Nothing here paces bytes or resists: use a PTY to see what a real port does.
 */
export class MockFront<Binding extends MockBindingLike> implements SimulatorFront {
  readonly path: string;
  /** What hosts give to serialport. */
  readonly binding: Binding;
  #handlers: FrontHandlers | undefined;
  #port: MockPort | undefined;
  #plugged = false;

  constructor(binding: Binding, path: string) {
    this.path = path;
    this.binding = { ...binding, open: (options: { path: string }) => this.#open(binding, options) };
    binding.createPort(path);
  }

  async start(handlers: FrontHandlers): Promise<void> {
    this.#handlers = handlers;
    await this.plugIn();
  }

  write(bytes: Uint8Array): void {
    if (this.#port?.isOpen) this.#port.emitData(Buffer.from(bytes));
  }

  plugIn(): Promise<void> {
    this.#plugged = true;
    return Promise.resolve();
  }

  async unplug(): Promise<void> {
    this.#plugged = false;
    const port = this.#port;
    if (!port) return;
    this.#closed(port);
    // As a vanished device behaves: reading and writing fail.
    port.read = () => Promise.reject(new Error('EIO: i/o error, read'));
    port.write = () => Promise.reject(new Error('EIO: i/o error, write'));
    // A read that waits must be woken to see it; one that has just begun waits only after the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    if (port.isOpen) port.emitData(Buffer.alloc(0));
  }

  stop(): Promise<void> {
    return this.unplug();
  }

  async #open(binding: Binding, options: { path: string }): Promise<MockPort> {
    if (options.path === this.path && !this.#plugged) {
      throw new Error(`Error: No such file or directory, cannot open ${this.path}`);
    }
    const port = await binding.open(options);
    if (options.path !== this.path) return port;
    const write = port.write.bind(port);
    const close = port.close.bind(port);
    port.write = async (buffer) => {
      await write(buffer);
      this.#handlers?.onData(Buffer.from(buffer));
    };
    port.close = async () => {
      await close();
      this.#closed(port);
    };
    this.#port = port;
    this.#handlers?.onOpen();
    return port;
  }

  #closed(port: MockPort): void {
    if (this.#port !== port) return;
    this.#port = undefined;
    this.#handlers?.onClose();
  }
}
