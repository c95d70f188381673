import type { MigrationSet } from '../../queue/plugin.js';
import { printersTable } from './printers-table.js';

/**
 * One row for each printer of each gateway, logged: what it says of a bed must outlive a crash of the server. `session` and `revision`
 * say which process wrote it and in which order, so that a write that was held up in the network changes nothing.
 */
export const printingMigrations: MigrationSet = {
  key: 'spoolgate_printing',
  steps: [
    {
      async up(client, tables) {
        await client.query(`
          CREATE TABLE IF NOT EXISTS ${printersTable(tables)} (
            gateway text NOT NULL,
            printer_id text NOT NULL,
            name text NOT NULL,
            state text NOT NULL,
            bed_occupied boolean NOT NULL DEFAULT false,
            bed_since timestamptz,
            bed_job_id uuid,
            set_aside jsonb,
            firmware text,
            temperatures jsonb NOT NULL DEFAULT '{}',
            job_id uuid,
            progress jsonb,
            error jsonb,
            session uuid NOT NULL,
            revision bigint NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (gateway, printer_id)
          )`);
      },
      async down(client, tables) {
        await client.query(`DROP TABLE IF EXISTS ${printersTable(tables)}`);
      },
    },
  ],
};
