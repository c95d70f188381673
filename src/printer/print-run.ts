import { errorEntry } from '../errors/error-table.js';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import type { EventBus } from '../events/event-bus.js';
import type { PrintFigures } from '../events/printer-events.js';
import type { Clock } from './clock.js';
import { type FileLine, FileFeed } from './file-feed.js';
import type { PrintJob } from './print-job.js';
import type { PrintOutcome, PrintProgress } from './print-outcome.js';
import { PrintBooks } from './print-books.js';
import { heatersOff, type PrintScripts } from './print-scripts.js';
import type { PrinterLink } from './printer-link.js';
import { restorePosition } from './restore-position.js';

export interface PrintRunOptions {
  readonly printerId: string;
  readonly job: PrintJob;
  readonly link: PrinterLink<FileLine>;
  readonly scripts: PrintScripts;
  readonly maxLineBytes: number;
  readonly events: EventBus;
  readonly clock: Clock;
}

/** One print on one link: feeds the file, keeps the books, and ends in one outcome, whatever happens. Never rejects. */
export class PrintRun {
  readonly #options: PrintRunOptions;
  readonly #feed: FileFeed;
  readonly #books: PrintBooks;
  #phase: PrintProgress['phase'] = 'starting';
  #stop: SpoolgateError | undefined;
  #lost: SpoolgateError | undefined;
  #waiting = 0;
  #settle: () => void = () => undefined;
  #pauseScriptRan = false;
  readonly #resentBefore: number;

  constructor(options: PrintRunOptions) {
    this.#options = options;
    this.#resentBefore = options.link.linesResent;
    this.#books = new PrintBooks(options);
    this.#feed = new FileFeed({
      source: options.job.source,
      maxLineBytes: options.maxLineBytes,
      wake: () => this.#wake(),
      beforeExtrusion: options.job.beforeExtrusion ?? (() => Promise.resolve()),
      failed: (error) => this.cancel(asFileError(error)),
      leaving: (line) => this.#leaving(line),
    });
  }

  get jobId(): string {
    return this.#options.job.jobId;
  }

  get progress(): PrintProgress {
    return this.#books.progress(this.#waiting > 0 && this.#phase === 'printing' ? 'heating' : this.#phase);
  }

  get figures(): PrintFigures {
    return this.#books.figures(this.#options.link.linesResent - this.#resentBefore);
  }

  /** Prints the file to its end. Call it once. */
  async run(): Promise<PrintOutcome> {
    const { link } = this.#options;
    this.#books.started();
    this.#phase = 'printing';
    link.attach(this.#feed);
    await this.#untilStreamed();
    link.attach(undefined);
    const outcome = await this.#finish();
    await this.#feed.close().catch(() => undefined);
    this.#books.ended(outcome);
    return outcome;
  }

  /** Stops feeding, runs the pause script once all lines in flight are taken. Resolves when paused. */
  async pause(): Promise<void> {
    if (this.#phase !== 'printing' || this.#stop) return;
    this.#phase = 'pausing';
    this.#feed.hold(true);
    const ran = await this.#runScript(['M400', ...this.#options.scripts.pause]);
    this.#pauseScriptRan = this.#options.scripts.pause.length > 0;
    if (!ran || (this.#phase as string) !== 'pausing') return;
    this.#phase = 'paused';
    this.#books.paused();
  }

  /** Goes on after `pause`: the head returns to where it was if the pause script moved it. */
  async resume(): Promise<void> {
    if (this.#phase !== 'paused' || this.#stop) return;
    const ran = await this.#runScript([
      ...this.#options.scripts.resume,
      ...(this.#pauseScriptRan && this.#feed.extent === 'extruded' ? restorePosition(this.#feed.motion) : []),
    ]);
    if (!ran || (this.#phase as string) !== 'paused') return;
    this.#phase = 'printing';
    this.#books.resumed();
    this.#feed.hold(false);
    this.#options.link.wake();
  }

  /** Ends the print: nothing more is fed, waiting for temperatures is broken off, the cancel script runs. */
  cancel(reason: SpoolgateError = new SpoolgateError('CANCELLED')): void {
    if (this.#stop || this.#lost) return;
    this.#stop = reason;
    this.#phase = 'cancelling';
    this.#feed.hold(true);
    if (this.#waiting > 0) this.#options.link.sendBare('M108');
    this.#settle();
  }

  /** The firmware has taken a line. */
  acknowledged(line: FileLine): void {
    if (line.waits) this.#waiting -= 1;
    this.#books.acknowledged(line);
    if (this.#isStreamed()) this.#settle();
  }

  resendRequested(): void {
    this.#books.resendRequested();
  }

  okLost(lines: number): void {
    this.#books.okLost(lines);
  }

  /** The link is gone. */
  lost(error: SpoolgateError): void {
    // Now, or never: the connection is closed as soon as everybody has heard.
    if (!this.#lost && this.#feed.extent !== 'nothing') this.#options.link.farewell(heatersOff);
    this.#lost ??= error;
    this.#settle();
  }

  #wake(): void {
    if (this.#isStreamed()) this.#settle();
    else this.#options.link.wake();
  }

  #isStreamed(): boolean {
    return this.#feed.isOver && this.#books.allAcknowledged;
  }

  #untilStreamed(): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      if (this.#stop || this.#lost || this.#isStreamed()) resolve();
    });
  }

  #leaving(line: FileLine): void {
    if (line.waits) this.#waiting += 1;
    this.#books.leaving(line);
  }

  async #finish(): Promise<PrintOutcome> {
    const { link, scripts } = this.#options;
    if (!this.#stop && !this.#lost) {
      this.#phase = 'finishing';
      try {
        // Its answer comes when the last move has ended. An ok too many may have stood for it, but never for the answer of a question.
        await link.send('M400');
        await link.send('M105');
        return { type: 'done', ...this.#state() };
      } catch (error) {
        this.#lost ??= asFileError(error);
      }
    }
    if (this.#stop && !this.#lost) {
      if (this.#feed.extent === 'nothing') return { type: 'failed', error: this.#stop, cooled: true, ...this.#state() };
      const cooled = await this.#runScript(scripts.cancel);
      if (cooled) return { type: 'failed', error: this.#stop, cooled, ...this.#state() };
    }
    const cause = this.#lost ?? this.#stop ?? new SpoolgateError('LINK_LOST');
    return { type: 'failed', error: this.#explain(cause), cooled: false, ...this.#state() };
  }

  /** The error with where the print stood, and the code that fits it. */
  #explain(cause: SpoolgateError): SpoolgateError {
    const { line, z } = this.#books;
    const untouched = this.#feed.extent === 'nothing' || (this.#feed.extent === 'sent' && line === 0);
    const code = untouched && cause.code === 'LINK_LOST' ? 'LINK_LOST_BEFORE_START' : cause.code;
    const where = untouched ? '' : ` (line ${line}${z === undefined ? '' : `, Z ${z} mm`})`;
    return new SpoolgateError(code, {
      detail: `${cause.detail ?? errorEntry(cause.code).summary}${where}`,
      data: { ...cause.data, line, ...(z === undefined ? {} : { z }) },
      cause,
    });
  }

  #state(): Pick<PrintOutcome, 'figures' | 'extent' | 'line' | 'z'> {
    return { figures: this.figures, extent: this.#feed.extent, line: this.#books.line, z: this.#books.z };
  }

  /** Runs commands one after the other; false when the link broke. */
  async #runScript(commands: readonly string[]): Promise<boolean> {
    try {
      for (const command of commands) await this.#options.link.send(command);
      return true;
    } catch {
      return false;
    }
  }
}

const asFileError = (error: unknown): SpoolgateError =>
  error instanceof SpoolgateError
    ? error
    : new SpoolgateError('FILE_UNREADABLE', { detail: errorText(error), cause: error });
