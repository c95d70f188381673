import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { Chancy } from '../../queue/chancy.js';
import { type StoredPrinter, parsePrinterRow } from './printer-row.js';
import { selectPrinters } from './sql/select-printers.js';

export interface PrinterFilter {
  readonly gateway?: string;
  readonly printer?: string;
}

const undefinedTable = '42P01';

/**
 * The printers of all gateways, or some of them, by gateway and id. Rejects with DATABASE_UNREACHABLE, or with MIGRATIONS_NEEDED where
 * the printing plugin's table is missing.
 */
export const listPrinters = async (chancy: Chancy, filter: PrinterFilter = {}): Promise<readonly StoredPrinter[]> => {
  try {
    const values = [filter.gateway ?? null, filter.printer ?? null];
    const rows = await chancy.database.query(selectPrinters(chancy.tables), values);
    return rows.map(parsePrinterRow).filter((printer) => printer !== undefined);
  } catch (error) {
    if ((error as { code?: unknown }).code !== undefinedTable) throw error;
    throw new SpoolgateError('MIGRATIONS_NEEDED', { detail: 'the table of printers is missing', cause: error });
  }
};
