import type { Temperatures } from '../../events/printer-events.js';
import type { PrintProgress } from '../../printer/print-outcome.js';
import type { Printer } from '../../printer/printer.js';
import type { SetAside } from '../../printer/printer-state.js';
import { isJobId } from '../../queue/job-id.js';
import type { BedBook } from './bed-book.js';

/** A printer at one moment, by the names of the table's columns. */
export interface PrinterSnapshot {
  readonly printer_id: string;
  readonly name: string;
  readonly state: string;
  readonly bed_occupied: boolean;
  readonly bed_job_id: string | null;
  readonly set_aside: SetAside | null;
  readonly firmware: string | null;
  readonly temperatures: Temperatures;
  readonly job_id: string | null;
  readonly progress: PrintProgress | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** In `state` where it is given, else in the printer's own. */
export const snapshotOf = (printer: Printer, beds: BedBook, state: string = printer.state): PrinterSnapshot => {
  const { connectionError, progress } = printer;
  const bed = beds.of(printer);
  return {
    printer_id: printer.id,
    name: printer.profile.name,
    state,
    bed_occupied: bed.occupied,
    bed_job_id: uuid(bed.jobId),
    set_aside: printer.setAside ?? null,
    firmware: printer.firmware ?? null,
    temperatures: printer.temperatures,
    job_id: uuid(printer.jobId),
    progress: progress ?? null,
    error: connectionError === undefined ? null : { code: connectionError.code, message: connectionError.message },
  };
};

/** A print that is no job of the queue's has an id of any kind. */
const uuid = (id: string | undefined): string | null => (id !== undefined && isJobId(id) ? id : null);

/** As JSON that Postgres takes: printers' words may hold anything. */
export const snapshotsJson = (snapshots: readonly PrinterSnapshot[]): string =>
  JSON.stringify(snapshots, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value));

const storable = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
