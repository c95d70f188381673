import type { Statement } from '../../../queue/database/statement.js';
import type { Tables } from '../../../queue/tables.js';
import { printersTable } from '../printers-table.js';

/**
 * $1 gateway or NULL for all, $2 printer id or NULL for all. A row for each printer of the farm, so a scan, or by primary key where the
 * gateway is named.
 */
export const selectPrinters = (tables: Tables): Statement => ({
  name: tables.statementName('printing_select_printers'),
  text: `
    SELECT *, 1000 * extract(epoch FROM now() - updated_at)::float8 AS age_ms
    FROM ${printersTable(tables)}
    WHERE gateway = coalesce($1::text, gateway) AND printer_id = coalesce($2::text, printer_id)
    ORDER BY gateway, printer_id`,
});
