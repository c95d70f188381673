import type { Statement } from '../../../queue/database/statement.js';
import type { Tables } from '../../../queue/tables.js';
import { printersTable } from '../printers-table.js';

/**
 * Writes the printers $4 (a JSON array of `PrinterSnapshot`) of gateway $1, as its process $2 saw them at its write number $3; a number
 * that the process has gone beyond changes nothing. Returns what was written. By primary key.
 */
export const writePrinters = (tables: Tables): Statement => ({
  name: tables.statementName('printing_write_printers'),
  text: `
    INSERT INTO ${printersTable(tables)} AS stored (
      gateway, printer_id, name, state, bed_occupied, bed_since, bed_job_id, set_aside, firmware, temperatures, job_id, progress, error,
      session, revision, updated_at
    )
    SELECT
      $1::text, printer_id, name, state, bed_occupied, CASE WHEN bed_occupied THEN now() END, bed_job_id, set_aside, firmware,
      temperatures, job_id, progress, error, $2::uuid, $3::bigint, now()
    FROM jsonb_to_recordset($4::jsonb) AS seen (
      printer_id text, name text, state text, bed_occupied boolean, bed_job_id uuid, set_aside jsonb, firmware text,
      temperatures jsonb, job_id uuid, progress jsonb, error jsonb
    )
    ON CONFLICT (gateway, printer_id) DO UPDATE SET
      name = excluded.name,
      state = excluded.state,
      bed_occupied = excluded.bed_occupied,
      bed_since = CASE WHEN excluded.bed_occupied THEN coalesce(stored.bed_since, now()) END,
      bed_job_id = excluded.bed_job_id,
      set_aside = excluded.set_aside,
      firmware = excluded.firmware,
      temperatures = excluded.temperatures,
      job_id = excluded.job_id,
      progress = excluded.progress,
      error = excluded.error,
      session = excluded.session,
      revision = excluded.revision,
      updated_at = excluded.updated_at
    WHERE stored.session <> excluded.session OR stored.revision < excluded.revision
    RETURNING printer_id`,
});
