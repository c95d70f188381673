import { ReadlineParser } from '@serialport/parser-readline';
import type { SerialPort } from 'serialport';
import { sleep } from '../../lifecycle/sleep.js';
import { type DataPath, type LinkEvents, closePatienceMs, pendingLimit } from '../link.js';
import { LineGuard } from './line-guard.js';

const pollMs = 2;

/**
 * Moves the bytes through serialport's own stream and line parser: where there is no descriptor to read (Windows, the mock binding),
 * or where a second one is refused. Closing the port stays with its owner.
 */
export class StreamLink implements DataPath {
  readonly #port: SerialPort;
  readonly #guard = new LineGuard();
  readonly #parser: ReadlineParser;
  readonly #events: LinkEvents;
  #batch: string[] = [];
  #ended = false;

  constructor(port: SerialPort, events: LinkEvents) {
    this.#port = port;
    this.#events = events;
    // Without object mode the parser's lines would be joined again in its buffer.
    this.#parser = new ReadlineParser({ delimiter: '\n', encoding: 'latin1', readableObjectMode: true });
    this.#parser.on('data', (line: string) => {
      if (line !== '' && this.#batch.push(line) === 1) process.nextTick(() => this.#deliver());
    });
    port.on('error', (cause: Error) => this.end(cause));
    port.on('end', () => this.end(new Error('the device hung up')));
    port.on('close', (cause: Error | null | undefined) => this.end(cause ?? new Error('the device was closed')));
    port.pipe(this.#guard).pipe(this.#parser);
  }

  write(text: string): void {
    this.#port.write(text, 'latin1');
    if (this.#port.writableLength > pendingLimit)
      this.#port.destroy(new Error(`the port took no byte of ${this.#port.writableLength}`));
  }

  end(cause: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#port.unpipe(this.#guard);
    this.#parser.once('end', () => {
      this.#deliver();
      this.#events.ended(cause);
    });
    this.#guard.end();
  }

  async close(): Promise<void> {
    // serialport cancels what it has not written yet.
    for (let waitedMs = 0; this.#isWriting && waitedMs < closePatienceMs; waitedMs += pollMs) await sleep(pollMs);
    this.#ended = true;
    this.#port.unpipe(this.#guard);
    this.#guard.end();
  }

  get #isWriting(): boolean {
    return !this.#ended && this.#port.isOpen && this.#port.writableLength > 0;
  }

  #deliver(): void {
    const lines = this.#batch;
    this.#batch = [];
    if (lines.length > 0) this.#events.lines(lines);
  }
}
