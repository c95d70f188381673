import type { Statement } from '../../../queue/database/statement.js';
import type { Tables } from '../../../queue/tables.js';
import { printersTable } from '../printers-table.js';

/**
 * Deletes the rows of gateway $1 for printers that are not among $2. Not those with something on the bed, which a person must take
 * off first; nor those that somebody still writes, as two machines may have been given the same name. By primary key.
 */
export const forgetPrinters = (tables: Tables): Statement => ({
  name: tables.statementName('printing_forget_printers'),
  text: `
    DELETE FROM ${printersTable(tables)}
    WHERE gateway = $1 AND printer_id <> ALL($2::text[]) AND NOT bed_occupied
      AND (state IN ('stopped', 'disabled') OR updated_at < now() - interval '60 seconds')
    RETURNING printer_id`,
});
