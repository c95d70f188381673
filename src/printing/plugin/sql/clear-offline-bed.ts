import type { Statement } from '../../../queue/database/statement.js';
import type { Tables } from '../../../queue/tables.js';
import { printersTable } from '../printers-table.js';

/**
 * Notes that the bed of printer $2 at gateway $1 is clear, but only while that gateway is off: a gateway that runs would write its own
 * opinion over it. One row if it was done. By primary key.
 */
export const clearOfflineBed = (tables: Tables): Statement => ({
  name: tables.statementName('printing_clear_offline_bed'),
  text: `
    UPDATE ${printersTable(tables)} SET bed_occupied = false, bed_since = NULL, bed_job_id = NULL
    WHERE gateway = $1 AND printer_id = $2
      AND (state IN ('stopped', 'disabled') OR updated_at < now() - interval '60 seconds')
    RETURNING printer_id`,
});
