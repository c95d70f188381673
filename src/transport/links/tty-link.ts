import { closeSync, constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { LineFramer } from '../line-framer.js';
import type { DataPath, LinkEvents } from '../link.js';
import { TtyWriter } from './tty-writer.js';

/**
 * Moves the bytes of a tty that is already configured through Node's own event loop, which costs a third of what serialport's reader
 * costs and does not stall under a send window. It opens the device a second time: Node's tty stream replaces the descriptor it is
 * given, and doing that to the first one would drop the lock that lies on it. Throws what the system says when that is refused.
 */
export const openTtyLink = (path: string, events: LinkEvents): DataPath => {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    return new TtyLink(fd, new ReadStream(fd), events);
  } catch (cause) {
    closeSync(fd);
    throw cause;
  }
};

class TtyLink implements DataPath {
  readonly #fd: number;
  readonly #reader: ReadStream;
  readonly #writer: TtyWriter;
  readonly #framer = new LineFramer();
  readonly #events: LinkEvents;
  readonly #readerClosed: Promise<void>;
  #ended = false;
  #closing: Promise<void> | undefined;

  constructor(fd: number, reader: ReadStream, events: LinkEvents) {
    this.#fd = fd;
    this.#reader = reader;
    this.#events = events;
    this.#writer = new TtyWriter(fd, (cause) => this.end(cause));
    this.#readerClosed = new Promise((resolve) => {
      reader.once('close', resolve);
    });
    reader.on('error', (cause) => this.end(cause));
    reader.once('end', () => this.end(new Error('the device hung up')));
    reader.once('close', () => this.end(new Error('the device was closed')));
    reader.on('data', (chunk: Buffer) => events.lines(this.#framer.push(chunk)));
  }

  write(text: string): void {
    this.#writer.write(text);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.stop();
    this.#ended = true;
    this.#reader.destroy();
    await this.#readerClosed;
    // The stream closed its own duplicate; the number that it was made from is still ours.
    closeSync(this.#fd);
  }

  end(cause: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#writer.abandon();
    this.#events.lines(this.#framer.end());
    this.#events.ended(cause);
  }
}
