import { errorEntry } from '../errors/error-table.js';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { EventBus } from '../events/event-bus.js';
import type { Temperatures } from '../events/printer-events.js';
import { Service } from '../lifecycle/service.js';
import type { TransportFactory } from '../transport/transport.js';
import type { Clock } from './clock.js';
import { Connection } from './connection.js';
import type { PrintOutcome, PrintProgress } from './print-outcome.js';
import type { PrintJob } from './print-job.js';
import { PrintRun } from './print-run.js';
import { heatersOff } from './print-scripts.js';
import type { PrinterProfile } from './printer-profile.js';
import type { PrinterState, SetAside } from './printer-state.js';

export interface PrinterOptions {
  readonly profile: PrinterProfile;
  readonly transport: TransportFactory;
  readonly events: EventBus;
  readonly clock: Clock;
  /** Called whenever `state` may have changed. */
  readonly onChange?: () => void;
}

/**
 * One printer: keeps it connected, prints one file at a time, and sets it aside when a print ended in a way that a person must look
 * at. Knows no jobs but the one it is given and no database.
 */
export class Printer extends Service {
  readonly profile: PrinterProfile;
  readonly #options: PrinterOptions;
  readonly #connection: Connection;
  #run: PrintRun | undefined;
  #setAside: SetAside | undefined;
  #temperatures: Temperatures = {};
  #coolAtNextContact = false;
  #bedOccupied = false;
  #stopped = false;

  constructor(options: PrinterOptions) {
    super();
    this.#options = options;
    this.profile = options.profile;
    this.#connection = new Connection({
      ...options,
      printing: () => this.#run !== undefined,
      connected: () => this.#connected(),
      lost: (error) => this.#lost(error),
      acknowledged: (line) => this.#run?.acknowledged(line),
      temperatures: (temperatures) => {
        this.#temperatures = { ...this.#temperatures, ...temperatures };
        options.events.emit('printer.temperatures', { printerId: this.id, temperatures: this.#temperatures });
      },
      resendRequested: () => this.#run?.resendRequested(),
      okLost: (lines) => this.#run?.okLost(lines),
      action: (action) => this.#hostAction(action),
      changed: () => options.onChange?.(),
    });
  }

  get id(): string {
    return this.profile.id;
  }

  get state(): PrinterState {
    if (this.#stopped) return 'stopped';
    if (this.#run) return this.#run.progress.phase === 'paused' ? 'paused' : 'printing';
    if (this.#setAside) return 'set_aside';
    if (this.#bedOccupied) return 'bed_occupied';
    return this.#connection.state;
  }

  /** Whether the firmware can be reached now. */
  get isConnected(): boolean {
    return this.#connection.link !== undefined;
  }

  /** Whether something may lie on the bed. */
  get bedOccupied(): boolean {
    return this.#bedOccupied;
  }

  get setAside(): SetAside | undefined {
    return this.#setAside;
  }

  /** Why the last try to connect failed; undefined while connected. */
  get connectionError(): SpoolgateError | undefined {
    return this.#connection.error;
  }

  /** The last readings, by the firmware's letters. */
  get temperatures(): Temperatures {
    return this.#temperatures;
  }

  /** What the firmware calls itself, once it has been asked. */
  get firmware(): string | undefined {
    return this.#connection.firmware?.name;
  }

  /** The job that is printed now. */
  get jobId(): string | undefined {
    return this.#run?.jobId;
  }

  /** Undefined while nothing is printed. */
  get progress(): PrintProgress | undefined {
    return this.#run?.progress;
  }

  /**
   * Prints a file to its end. Resolves with the outcome; rejects only when the print could not begin: PRINTER_NOT_READY,
   * PRINTER_SET_ASIDE, BED_OCCUPIED, or the connection's own error.
   */
  async print(job: PrintJob): Promise<PrintOutcome> {
    if (this.#setAside)
      throw new SpoolgateError('PRINTER_SET_ASIDE', { detail: `${this.id}: ${this.#setAside.reason}` });
    if (this.#bedOccupied) throw new SpoolgateError('BED_OCCUPIED', { detail: this.id });
    const link = this.#connection.link;
    if (!link)
      throw (
        this.#connection.error ?? new SpoolgateError('PRINTER_NOT_READY', { detail: `${this.id} is ${this.state}` })
      );
    if (this.#run || this.#stopped)
      throw new SpoolgateError('PRINTER_NOT_READY', { detail: `${this.id} is ${this.state}` });
    const { profile, events, clock } = this.#options;
    const { scripts, dialect } = profile;
    const run = new PrintRun({
      printerId: this.id,
      job,
      link,
      scripts,
      maxLineBytes: dialect.maxLineBytes,
      events,
      clock,
    });
    this.#run = run;
    this.#changed();
    try {
      const outcome = await run.run();
      if (outcome.extent === 'extruded' && !profile.clearsItself) this.occupyBed();
      if (outcome.type === 'failed') await this.#judge(outcome.error, outcome.cooled);
      return outcome;
    } finally {
      this.#run = undefined;
      this.#changed();
    }
  }

  async pause(): Promise<void> {
    await this.#run?.pause();
  }

  async resume(): Promise<void> {
    await this.#run?.resume();
  }

  /** Ends the running print; its outcome carries `reason`. False when nothing is printed. */
  cancel(reason?: SpoolgateError): boolean {
    this.#run?.cancel(reason);
    return this.#run !== undefined;
  }

  /** Halts the firmware at once, past everything that waits; the printer is set aside and needs a reset. */
  emergencyStop(): void {
    const error = new SpoolgateError('EMERGENCY_STOP');
    this.#connection.link?.sendBare('M112');
    this.#putAsideFor(error);
    this.#run?.lost(error);
  }

  /** Sends one command between the lines of a print, or alone; resolves with the firmware's answer. */
  command(command: string): Promise<readonly string[]> {
    const link = this.#connection.link;
    if (!link)
      return Promise.reject(new SpoolgateError('PRINTER_NOT_READY', { detail: `${this.id} is ${this.state}` }));
    return link.send(command);
  }

  /** Something lies on the bed: nothing prints until `clearBed`. */
  occupyBed(): void {
    if (this.#bedOccupied) return;
    this.#bedOccupied = true;
    this.#options.events.emit('printer.bed_occupied', { printerId: this.id });
    this.#changed();
  }

  /** The bed is empty, says who looked. */
  clearBed(): void {
    if (!this.#bedOccupied) return;
    this.#bedOccupied = false;
    this.#options.events.emit('printer.bed_cleared', { printerId: this.id });
    this.#changed();
  }

  /** Nothing prints until `returnToService`; a running print goes on. The first reason stays. */
  putAside(setAside: SetAside): void {
    if (this.#setAside) return;
    this.#setAside = setAside;
    const { code, reason } = setAside;
    this.#options.events.emit('printer.set_aside', { printerId: this.id, code, reason });
    this.#changed();
  }

  /** A person has looked at the printer: it may print again. */
  returnToService(): void {
    if (!this.#setAside) return;
    this.#setAside = undefined;
    this.#options.events.emit('printer.returned', { printerId: this.id });
    this.#connection.retryNow();
    this.#changed();
  }

  /** Resolves once the first try to connect has ended, either way. */
  protected async onStart(): Promise<void> {
    await this.#connection.start();
  }

  protected async onStop(): Promise<void> {
    this.#stopped = true;
    await this.#connection.stop();
    this.#changed();
  }

  #connected(): void {
    if (!this.#coolAtNextContact) return;
    this.#coolAtNextContact = false;
    for (const command of heatersOff) void this.#connection.link?.send(command).catch(() => undefined);
  }

  #lost(error: SpoolgateError): void {
    this.#run?.lost(error);
  }

  async #judge(error: SpoolgateError, cooled: boolean): Promise<void> {
    if (!cooled) this.#coolAtNextContact = true;
    if (errorEntry(error.code).setsPrinterAside) this.#putAsideFor(error);
    if (!cooled) await this.#connection.drop(error);
  }

  #putAsideFor(error: SpoolgateError): void {
    this.putAside({ code: error.code, reason: error.message, since: new Date() });
  }

  #hostAction(action: string): void {
    if (action === 'cancel') this.cancel(new SpoolgateError('CANCELLED', { detail: 'at the printer' }));
    else if (action === 'pause') void this.pause();
    else if (action === 'resume') void this.resume();
  }

  #changed(): void {
    this.#options.onChange?.();
  }
}
