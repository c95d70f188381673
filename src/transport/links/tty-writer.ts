import { writeSync } from 'node:fs';
import { sleep } from '../../lifecycle/sleep.js';
import { closePatienceMs, pendingLimit } from '../link.js';

/** First wait for a full port, ms: a kernel buffer of 4 KB at 115200 baud empties at 12 bytes/ms. Doubles up to `longestRetryMs`. */
const firstRetryMs = 2;
const longestRetryMs = 16;

export type WriteText = (fd: number, text: string) => number;

const writeLatin1: WriteText = (fd, text) => writeSync(fd, text, null, 'latin1');

/**
 * Writes to a non-blocking descriptor from the event loop's own thread: a printer's lines are short, and the kernel takes them at once.
 * What it does not take (EAGAIN) waits, in order and bounded, and is tried again shortly.
 */
export class TtyWriter {
  readonly #fd: number;
  readonly #failed: (cause: unknown) => void;
  readonly #write: WriteText;
  #pending = '';
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(fd: number, failed: (cause: unknown) => void, write: WriteText = writeLatin1) {
    this.#fd = fd;
    this.#failed = failed;
    this.#write = write;
  }

  write(text: string): void {
    if (this.#stopped || text === '') return;
    if (this.#pending === '') {
      this.#send(text);
      return;
    }
    this.#pending += text;
    if (this.#pending.length > pendingLimit) this.#fail(new Error(`the port took no byte of ${this.#pending.length}`));
  }

  /** Ends all writing; text that waits is given a last short chance to leave. */
  async stop(): Promise<void> {
    for (let waitedMs = 0; this.#pending !== '' && waitedMs < closePatienceMs; waitedMs += firstRetryMs)
      await sleep(firstRetryMs);
    this.abandon();
  }

  /** Ends all writing at once. */
  abandon(): void {
    this.#stopped = true;
    this.#pending = '';
    clearTimeout(this.#timer);
  }

  #send(text: string): void {
    let rest = text;
    try {
      while (rest !== '') {
        rest = rest.slice(this.#write(this.#fd, rest));
        this.#retryMs = firstRetryMs;
      }
      this.#pending = '';
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN')) {
        this.#fail(cause);
        return;
      }
      this.#pending = rest;
      this.#timer = setTimeout(() => this.#send(this.#pending), this.#retryMs);
      this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
    }
  }

  #fail(cause: unknown): void {
    this.abandon();
    this.#failed(cause);
  }
}
