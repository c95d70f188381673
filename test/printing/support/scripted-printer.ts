import type { Transport, TransportFactory, TransportListener } from '../../../src/transport/transport.js';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';

/** A firmware that acknowledges each line as it comes, in memory; a test may have it keep an acknowledgement back. */
export class ScriptedPrinter {
  /** Commands without number and checksum, in order. */
  readonly received: string[] = [];
  /** Whether the port is there. */
  plugged = true;
  firmware = 'Scripted 1.0';
  readonly transport: TransportFactory = () => this.#connect();
  #held: RegExp | undefined;
  #kept: (() => void)[] = [];
  #waiting: { pattern: RegExp; resolve: () => void }[] = [];
  #listener: TransportListener | undefined;

  /** Lines that match are not acknowledged, nor are those after them, until `release`. */
  hold(pattern: RegExp): void {
    this.#held = pattern;
  }

  release(): void {
    this.#held = undefined;
    for (const acknowledge of this.#kept.splice(0)) acknowledge();
  }

  /** Resolves once a command that matches has come; at once if it has. */
  until(pattern: RegExp): Promise<void> {
    if (this.received.some((line) => pattern.test(line))) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ pattern, resolve });
    });
  }

  says(...lines: string[]): void {
    setImmediate(() => this.#listener?.lines(lines));
  }

  #connect(): Transport {
    return {
      description: 'a scripted printer',
      open: (listener) => {
        if (!this.plugged) return Promise.reject(new SpoolgateError('PORT_NOT_FOUND', { detail: 'unplugged' }));
        this.#listener = listener;
        this.says('start');
        return Promise.resolve();
      },
      write: (text) => {
        for (const line of text.split('\n')) if (line !== '') this.#hear(line);
      },
      close: () => {
        this.#listener = undefined;
        return Promise.resolve();
      },
    };
  }

  #hear(line: string): void {
    const command = line.replace(/^N\d+ /, '').replace(/\*\d+$/, '');
    this.received.push(command);
    this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
      if (!pattern.test(command)) return true;
      resolve();
      return false;
    });
    if (/^M(112|108|410)\b/.test(command)) return;
    const acknowledge = (): void => this.says(...this.#answer(command));
    if (this.#kept.length > 0 || this.#held?.test(command) === true) this.#kept.push(acknowledge);
    else acknowledge();
  }

  #answer(command: string): string[] {
    if (command === 'M115') return [`FIRMWARE_NAME:${this.firmware} SOURCE_CODE_URL:x`, 'ok'];
    if (command === 'M105') return ['ok T:21.5 /0.0 B:20.1 /0.0 @:0 B@:0'];
    return ['ok'];
  }
}
