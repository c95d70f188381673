import type { Printer } from '../../printer/printer.js';

/** What lies on a bed, as the database is told. */
export interface Bed {
  readonly occupied: boolean;
  readonly jobId: string | undefined;
}

/**
 * Knows which job's part lies on which bed. To the database a bed is occupied from before the first extruded line; to the printer
 * itself from the end of the print.
 */
export class BedBook {
  readonly #jobs = new Map<string, string>();

  /** The running print is about to extrude, or an earlier one was found in the database. */
  occupy(printerId: string, jobId: string): void {
    this.#jobs.set(printerId, jobId);
  }

  /** It did not come to that. */
  release(printerId: string): void {
    this.#jobs.delete(printerId);
  }

  of(printer: Pick<Printer, 'id' | 'jobId' | 'bedOccupied'>): Bed {
    const jobId = this.#jobs.get(printer.id);
    const isExtruding = jobId !== undefined && printer.jobId === jobId;
    if (printer.bedOccupied || isExtruding) return { occupied: true, jobId };
    this.#jobs.delete(printer.id);
    return { occupied: false, jobId: undefined };
  }
}
