import type { Statement } from '../../../queue/database/statement.js';
import type { Tables } from '../../../queue/tables.js';
import { printersTable } from '../printers-table.js';

/**
 * Takes over the rows of gateway $1 for its new process $2, which has the printers $3 and knows of the disabled ones $4, and returns
 * them. From then on nobody may take the gateway for off. By primary key.
 */
export const adoptPrinters = (tables: Tables): Statement => ({
  name: tables.statementName('printing_adopt_printers'),
  text: `
    UPDATE ${printersTable(tables)}
    SET session = $2::uuid, revision = 0, updated_at = now(), job_id = NULL, progress = NULL, temperatures = '{}',
      state = CASE WHEN printer_id = ANY($3::text[]) THEN 'starting' ELSE 'disabled' END
    WHERE gateway = $1 AND printer_id = ANY($3::text[] || $4::text[])
    RETURNING *, 0::float8 AS age_ms`,
});
