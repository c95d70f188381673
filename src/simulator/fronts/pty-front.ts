import { closeSync, readSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ReadStream } from 'node:tty';
import type { FrontHandlers, SimulatorFront } from '../simulator-front.js';
import { loadNativePty, type NativePty, type PtyPair } from './native-pty.js';
import { makeRaw } from './raw-terminal.js';

/** How often a pseudo-terminal that nobody has open is looked at, ms. */
const LOOK_MS = 5;
const READ_BYTES = 4096;

/** A pseudo-terminal in raw mode that nobody has open. */
type Terminal = Pick<PtyPair, 'master' | 'pty'>;

export interface PtyFrontOptions {
  /** Path of the link that hosts open; by default a new folder for temporary files is made for it. */
  readonly link?: string;
  readonly native?: NativePty;
}

/**
 * A pseudo-terminal that looks like a serial port. The kernel tells the master that the last host has closed by a hang-up, after which
 * that master is of no more use: a new pair is made and the link turned to it. Hosts open the link; `/dev/pts/N` may change.
 * A host that closes and at once opens again, before this process has had a turn, is not seen to have closed.
 */
export class PtyFront implements SimulatorFront {
  readonly #native: NativePty;
  #link: string;
  #folder: string | undefined;
  #handlers: FrontHandlers | undefined;
  #master: number | undefined;
  /** The next pair, made ahead so that the path is never away for long. */
  #spare: Promise<Terminal> | undefined;
  #stream: ReadStream | undefined;
  #look: NodeJS.Timeout | undefined;
  #plugged = false;
  #stopped = false;
  #work: Promise<void> = Promise.resolve();

  constructor({ link = '', native = loadNativePty() }: PtyFrontOptions = {}) {
    this.#link = link;
    this.#native = native;
  }

  get path(): string {
    return this.#link;
  }

  async start(handlers: FrontHandlers): Promise<void> {
    this.#handlers = handlers;
    if (this.#link === '') {
      this.#folder = await mkdtemp(join(tmpdir(), 'spoolgate-printer-'));
      this.#link = join(this.#folder, 'tty');
    }
    await this.plugIn();
  }

  write(bytes: Uint8Array): void {
    if (this.#stream?.writable) this.#stream.write(bytes);
  }

  plugIn(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#plugged || this.#stopped) return;
      this.#plugged = true;
      await this.#open();
    });
  }

  unplug(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#plugged) return;
      this.#plugged = false;
      this.#close();
      await rm(this.#link, { force: true });
    });
  }

  async stop(): Promise<void> {
    await this.unplug();
    this.#stopped = true;
    const spare = await this.#spare?.catch(() => undefined);
    this.#spare = undefined;
    if (spare) closeSync(spare.master);
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  /** One change of the port after the other. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#work.then(change);
    this.#work = done.catch(() => undefined);
    return done;
  }

  /** Takes the next pair, turns the link to it and waits for a host. */
  async #open(): Promise<void> {
    const { master, pty } = await (this.#spare ?? this.#make());
    this.#spare = undefined;
    const fresh = join(dirname(this.#link), `.${process.pid}-${master}.tty`);
    try {
      rmSync(fresh, { force: true });
      symlinkSync(pty, fresh);
      renameSync(fresh, this.#link);
    } catch (error) {
      closeSync(master);
      this.#plugged = false;
      throw error;
    }
    this.#master = master;
    this.#look = setInterval(() => this.#lookForHost(master), LOOK_MS);
  }

  async #make(): Promise<Terminal> {
    const { master, slave, pty } = this.#native.open(80, 24);
    try {
      await makeRaw(pty);
      return { master, pty };
    } catch (error) {
      closeSync(master);
      throw error;
    } finally {
      closeSync(slave);
    }
  }

  /** Makes the pair that will be needed when this host has closed; if it fails then, so be it. */
  #prepare(): void {
    this.#spare ??= this.#make();
    this.#spare.catch(() => {
      this.#spare = undefined;
    });
  }

  /** While no host has the slave open, reading gives EIO. */
  #lookForHost(master: number): void {
    const bytes = Buffer.alloc(READ_BYTES);
    let early = 0;
    try {
      early = readSync(master, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EIO') return;
    }
    clearInterval(this.#look);
    this.#handlers?.onOpen();
    // A fault may have unplugged the port just now.
    if (this.#master !== master) return;
    const stream = new ReadStream(master);
    this.#stream = stream;
    this.#prepare();
    stream.on('data', (chunk: Buffer) => this.#handlers?.onData(chunk));
    stream.on('error', () => undefined);
    stream.on('close', () => this.#hungUp(stream));
    if (early > 0) this.#handlers?.onData(bytes.subarray(0, early));
  }

  #hungUp(stream: ReadStream): void {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#master = undefined;
    // Without a terminal left the port stays away; the host's next opening says so.
    void this.#inTurn(async () => {
      if (this.#plugged) await this.#open();
    })
      .catch(() => undefined)
      .finally(() => this.#handlers?.onClose());
  }

  #close(): void {
    clearInterval(this.#look);
    const stream = this.#stream;
    if (stream) {
      this.#stream = undefined;
      stream.destroy();
      this.#handlers?.onClose();
    } else if (this.#master !== undefined) closeSync(this.#master);
    this.#master = undefined;
  }
}
