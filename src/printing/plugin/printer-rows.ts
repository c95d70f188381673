import { randomUUID } from 'node:crypto';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { sleep } from '../../lifecycle/sleep.js';
import type { Chancy } from '../../queue/chancy.js';
import type { Fleet } from '../fleet.js';
import type { BedBook } from './bed-book.js';
import { parsePrinterRow } from './printer-row.js';
import { snapshotOf, snapshotsJson } from './printer-snapshot.js';
import { adoptPrinters } from './sql/adopt-printers.js';
import { forgetPrinters } from './sql/forget-printers.js';
import { writePrinters } from './sql/write-printers.js';

export interface PrinterRowsOptions {
  readonly chancy: Pick<Chancy, 'database' | 'tables'>;
  readonly gateway: string;
  readonly fleet: Fleet;
  /** Ids in devices.json of printers that are not in the fleet. */
  readonly disabled: readonly string[];
  readonly beds: BedBook;
  /** A write without an answer is given up after this, ms. */
  readonly answerMs?: number;
}

/** The rows of one gateway's printers in the database. They are written one write after the other, each from what is true when it begins. */
export class PrinterRows {
  readonly #options: PrinterRowsOptions;
  readonly #session = randomUUID();
  #revision = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PrinterRowsOptions) {
    this.#options = options;
  }

  /** Gives the printers back what must survive the process: what lies on the bed, and what they were set aside for. */
  async restore(): Promise<void> {
    const { chancy, gateway, fleet, disabled, beds } = this.#options;
    const ids = fleet.printers.map(({ id }) => id);
    await this.forget();
    const rows = await chancy.database.query(adoptPrinters(chancy.tables), [gateway, this.#session, ids, disabled]);
    const stored = new Map(rows.map(parsePrinterRow).flatMap((row) => (row === undefined ? [] : [[row.id, row]])));
    for (const printer of fleet.printers) {
      const row = stored.get(printer.id);
      if (row === undefined) continue;
      if (row.bedJobId !== null) beds.occupy(printer.id, row.bedJobId);
      if (row.bedOccupied) printer.occupyBed();
      if (row.setAside !== null) printer.putAside(row.setAside);
    }
  }

  /** Deletes what is left of printers that are no longer in devices.json; returns how many rows went. */
  async forget(): Promise<number> {
    const { chancy, gateway, fleet, disabled } = this.#options;
    const known = [...fleet.printers.map(({ id }) => id), ...disabled];
    const rows = await chancy.database.query(forgetPrinters(chancy.tables), [gateway, known]);
    return rows.length;
  }

  /** Writes all printers, in `state` where it is given; resolves once that is committed. Rejects as a query does. */
  write(state?: 'stopped'): Promise<void> {
    const write = this.#last.then(() => this.#write(state));
    this.#last = write.catch(() => undefined);
    return write;
  }

  async #write(state: 'stopped' | undefined): Promise<void> {
    const { chancy, gateway, fleet, beds, answerMs = 10_000 } = this.#options;
    this.#revision += 1;
    const snapshots = fleet.printers.map((printer) => snapshotOf(printer, beds, state));
    const values = [gateway, this.#session, this.#revision, snapshotsJson(snapshots)];
    const written = chancy.database.query(writePrinters(chancy.tables), values);
    const enough = new AbortController();
    try {
      // A connection that has silently died would keep the writes that come after it waiting for a quarter of an hour.
      await Promise.race([written, sleep(answerMs, enough.signal).then(() => noAnswer(answerMs))]);
    } finally {
      enough.abort();
      written.catch(() => undefined);
    }
  }
}

const noAnswer = (afterMs: number): never => {
  throw new SpoolgateError('DATABASE_UNREACHABLE', { detail: `no answer within ${afterMs / 1000} s` });
};
