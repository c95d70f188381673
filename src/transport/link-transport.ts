import { SpoolgateError } from '../errors/spoolgate-error.js';
import { sleep } from '../lifecycle/sleep.js';
import type { Connect, Link } from './link.js';
import { lostError, openError } from './port-error.js';
import type { Transport, TransportListener } from './transport.js';

/** A driver that hangs in close() must not hold back the news that the link is lost, ms. */
const closePatienceMs = 1000;

/**
 * The transport over any link: opened once, lost at most once, silent after `close`. A lost link is closed before `lost` is told, so
 * that the port can be opened again at once.
 */
export class LinkTransport implements Transport {
  readonly description: string;
  readonly #connect: Connect;
  readonly #abort = new AbortController();
  #opening: Promise<Link> | undefined;
  #link: Link | undefined;
  #listener: TransportListener | undefined;
  #end: { readonly cause: unknown } | undefined;
  #closed = false;

  constructor(description: string, connect: Connect) {
    this.description = description;
    this.#connect = connect;
  }

  async open(listener: TransportListener): Promise<void> {
    if (this.#opening || this.#closed) throw this.#failure('a transport is opened once');
    this.#listener = listener;
    this.#opening = this.#connect(
      {
        lines: (lines) => {
          if (this.#isLive && lines.length > 0) listener.lines(lines);
        },
        ended: (cause) => this.#ended(cause),
      },
      this.#abort.signal,
    );
    let link: Link;
    try {
      link = await this.#opening;
    } catch (cause) {
      this.#end ??= { cause };
      throw openError(this.description, cause);
    }
    if (this.#closed || this.#end) {
      await link.close();
      throw this.#closed
        ? this.#failure('closed while it was being opened')
        : openError(this.description, this.#end?.cause);
    }
    this.#link = link;
  }

  write(text: string): void {
    if (this.#isLive) this.#link?.write(text);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#abort.abort();
    const link = await this.#opening?.catch(() => undefined);
    await link?.close();
  }

  get #isLive(): boolean {
    return !this.#closed && !this.#end;
  }

  #failure(why: string): SpoolgateError {
    return new SpoolgateError('PORT_FAILED', { detail: `${this.description}: ${why}` });
  }

  #ended(cause: unknown): void {
    if (!this.#isLive) return;
    this.#end = { cause };
    if (this.#link) void this.#tellLost(this.#link, cause);
  }

  async #tellLost(link: Link, cause: unknown): Promise<void> {
    const patience = new AbortController();
    await Promise.race([link.close(), sleep(closePatienceMs, patience.signal)]);
    patience.abort();
    setImmediate(() => {
      if (!this.#closed) this.#listener?.lost(lostError(this.description, cause));
    });
  }
}
