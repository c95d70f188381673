import { SpoolgateError, errorText } from '../../errors/spoolgate-error.js';
import type { EventBus } from '../../events/event-bus.js';
import { backoffMs } from '../../lifecycle/backoff.js';
import { sleep } from '../../lifecycle/sleep.js';
import { type Clock, monotonicClock } from '../../printer/clock.js';
import type { Printer } from '../../printer/printer.js';
import type { BedBook } from './bed-book.js';
import type { PrinterRows } from './printer-rows.js';

/** A print that is about to extrude. */
export interface BeginningPrint {
  readonly jobId: string;
  readonly attempt: number;
}

export interface ExtrusionGateOptions {
  readonly rows: Pick<PrinterRows, 'write'>;
  readonly beds: BedBook;
  readonly events: EventBus;
  readonly clock?: Clock;
  /** How long a print stands still, heated, while the database is away; 10 minutes by default. */
  readonly limitMs?: number;
}

const tenMinutesMs = 600_000;
const backoff = { initialMs: 250, limitMs: 2000 };

/**
 * Sees to it that no print lands on top of another, whatever crashes: a print extrudes only once the database has it that the bed is
 * occupied. While the database is away the print stands still; after `limitMs` it is given up, as nothing lies on the bed yet and the
 * job can be printed later, while a part that nobody knows of could be printed upon.
 */
export class ExtrusionGate {
  readonly #options: ExtrusionGateOptions;

  constructor(options: ExtrusionGateOptions) {
    this.#options = options;
  }

  /**
   * Resolves once the row of the printer says that its bed is occupied by this job, at once for a printer that clears its own bed.
   * Rejects with EXTRUSION_UNRECORDED after the limit, or with CANCELLED when the print has ended meanwhile.
   */
  async open(printer: Printer, print: BeginningPrint): Promise<void> {
    if (printer.profile.clearsItself) return;
    this.#options.beds.occupy(printer.id, print.jobId);
    try {
      await this.#record(printer, print);
    } catch (error) {
      this.#options.beds.release(printer.id);
      throw error;
    }
  }

  async #record(printer: Printer, { jobId, attempt }: BeginningPrint): Promise<void> {
    const { rows, events, clock = monotonicClock, limitMs = tenMinutesMs } = this.#options;
    const ids = { printerId: printer.id, jobId, attempt };
    const beganMs = clock();
    const waitedMs = (): number => Math.round(clock() - beganMs);
    for (let failures = 0; ; failures += 1) {
      try {
        await rows.write();
        if (failures > 0) events.emit('print.database_back', { ...ids, waitedMs: waitedMs() });
        return;
      } catch (error) {
        if (printer.jobId !== jobId) throw new SpoolgateError('CANCELLED', { detail: 'the print has ended' });
        if (waitedMs() >= limitMs)
          throw new SpoolgateError('EXTRUSION_UNRECORDED', { detail: errorText(error), cause: error });
        if (failures === 0) events.emit('print.waits_for_database', { ...ids, error: errorText(error), limitMs });
      }
      await sleep(backoffMs(failures, backoff));
    }
  }
}
