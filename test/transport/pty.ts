import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import * as nodePty from '@lydell/node-pty';

/** What `open()` of node-pty gives; missing in its types. */
interface PtyPair {
  readonly _master: ReadStream;
  readonly _slave: ReadStream;
  readonly _fd: number;
  readonly _pty: string;
}

/** A pseudo-terminal without a program: the test is the printer at its master end. */
export class Pty {
  readonly path: string;
  readonly #master: ReadStream;
  readonly #slave: number;
  readonly #fd: number;

  constructor(onData: (chunk: Buffer) => void) {
    const { open } = nodePty as unknown as { readonly open: (options: { encoding: null }) => PtyPair };
    const pair = open({ encoding: null });
    // Node-pty's own slave reads, and would eat the transport's input. One that only stays open keeps the master from an error while
    // nobody else has the slave.
    this.#slave = openSync(pair._pty, constants.O_RDWR | constants.O_NOCTTY);
    pair._slave.on('error', () => undefined);
    pair._slave.destroy();
    this.#master = pair._master;
    this.#master.on('error', () => undefined);
    this.#master.on('data', onData);
    this.#fd = pair._fd;
    this.path = pair._pty;
  }

  write(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
  }

  /** Stops reading, so that the other side's writes fill the kernel's buffer. */
  stall(): void {
    this.#master.pause();
  }

  resume(): void {
    this.#master.resume();
  }

  /** Pulls the plug. */
  async hangUp(): Promise<void> {
    if (this.#master.destroyed) return;
    const gone = new Promise((resolve) => {
      this.#master.once('close', resolve);
    });
    this.#master.destroy();
    closeSync(this.#slave);
    await gone;
  }
}
