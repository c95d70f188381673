import type { GcodeLine } from '../gcode/gcode-line.js';
import { MotionTracker } from '../gcode/motion-tracker.js';
import type { FeedLine, LineFeed } from '../protocol/line-feed.js';
import { type PrintExtent, printExtents } from './print-outcome.js';
import { ReadAhead } from './read-ahead.js';
import { wireCommand } from './wire-command.js';

/** A line of the file on its way; comes back with its acknowledgement. */
export interface FileLine {
  readonly kind: 'file';
  readonly line: GcodeLine;
  /** Height in mm after this line, where the file says it. */
  readonly z: number | undefined;
  /** The line makes the firmware wait for a temperature. */
  readonly waits: boolean;
}

export interface FileFeedOptions {
  readonly source: AsyncIterable<readonly GcodeLine[]>;
  /** Longest line in bytes that the firmware takes, number and checksum included. */
  readonly maxLineBytes: number;
  /** Something to send has come, or the source is over. */
  readonly wake: () => void;
  /** Called once, before the first extruding line leaves the host; that line waits until the promise resolves. */
  readonly beforeExtrusion: () => Promise<void>;
  /** The source or the gate has failed: no further line will come. */
  readonly failed: (error: unknown) => void;
  /** A line is leaving the host for the first time. */
  readonly leaving: (line: FileLine) => void;
}

const extentOf = { none: 'sent', heats: 'heated', moves: 'moved', extrudes: 'extruded' } as const;

/** Gives a file's lines to the line machine, one by one, and keeps the books of what they do to the machine. */
export class FileFeed implements LineFeed<FileLine> {
  readonly motion = new MotionTracker();
  readonly #options: FileFeedOptions;
  readonly #lines: ReadAhead<GcodeLine>;
  #next: FeedLine<FileLine> | undefined;
  #nextExtent: PrintExtent = 'nothing';
  #extent: PrintExtent = 'nothing';
  #gate: 'closed' | 'opening' | 'open' = 'closed';
  #held = false;
  #failed = false;

  constructor(options: FileFeedOptions) {
    this.#options = options;
    this.#lines = new ReadAhead(options.source, options.wake);
  }

  /** The worst that the lines which left the host can have done. */
  get extent(): PrintExtent {
    return this.#extent;
  }

  /** Every line has left the host. */
  get isOver(): boolean {
    return this.#next === undefined && this.#lines.isOver && this.#lines.error === undefined;
  }

  /** No line leaves while held. */
  hold(held: boolean): void {
    this.#held = held;
  }

  peek(): FeedLine<FileLine> | undefined {
    if (this.#held || this.#failed) return undefined;
    this.#next ??= this.#prepare();
    if (this.#next === undefined) return undefined;
    if (this.#nextExtent === 'extruded' && this.#gate !== 'open') {
      this.#openGate();
      return undefined;
    }
    return this.#next;
  }

  take(): void {
    const next = this.#next;
    if (!next) return;
    this.#next = undefined;
    if (printExtents.indexOf(this.#nextExtent) > printExtents.indexOf(this.#extent)) this.#extent = this.#nextExtent;
    this.#options.leaving(next.tag);
  }

  async close(): Promise<void> {
    this.#held = true;
    await this.#lines.close();
  }

  #prepare(): FeedLine<FileLine> | undefined {
    try {
      for (;;) {
        const line = this.#lines.next();
        if (!line) {
          if (this.#lines.error !== undefined) this.#fail(this.#lines.error);
          return undefined;
        }
        const command = wireCommand(line, this.#options.maxLineBytes);
        if (command === undefined) continue;
        this.#nextExtent = extentOf[this.motion.feed(command)];
        return { command, tag: { kind: 'file', line, z: this.motion.z, waits: this.motion.waits } };
      }
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #openGate(): void {
    if (this.#gate !== 'closed') return;
    this.#gate = 'opening';
    this.#options.beforeExtrusion().then(
      () => {
        this.#gate = 'open';
        this.#options.wake();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#options.failed(error);
  }
}
