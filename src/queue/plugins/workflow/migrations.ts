import type { DatabaseClient } from '../../database/database.js';
import type { MigrationSet, MigrationStep } from '../../plugin.js';
import type { Tables } from '../../tables.js';

/** The tables as Chancy made them first. */
const v1: MigrationStep = {
  async up(client, tables) {
    const workflows = tables.table('workflows');
    const steps = tables.table('workflow_steps');
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${workflows} (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        state text NOT NULL,
        created_at timestamptz DEFAULT now(),
        updated_at timestamptz DEFAULT now()
      )`);
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${steps} (
        id serial PRIMARY KEY,
        workflow_id uuid REFERENCES ${workflows} (id) ON DELETE CASCADE,
        step_id text NOT NULL,
        job_data json NOT NULL,
        dependencies json NOT NULL,
        job_id uuid,
        created_at timestamptz DEFAULT now(),
        updated_at timestamptz DEFAULT now()
      )`);
    await client.query(`
      CREATE INDEX IF NOT EXISTS ${tables.table('workflow_steps_workflow_id_idx')} ON ${steps} (workflow_id)`);
    await client.query(`CREATE INDEX IF NOT EXISTS ${tables.table('workflows_state_idx')} ON ${workflows} (state)`);
    await client.query(`
      CREATE UNIQUE INDEX IF NOT EXISTS ${tables.table('workflows_steps_unique_idx')}
      ON ${steps} (workflow_id, step_id)`);
  },
  async down(client, tables) {
    await client.query(`DROP TABLE IF EXISTS ${tables.table('workflow_steps')}, ${tables.table('workflows')}`);
  },
};

const convert = async (client: DatabaseClient, tables: Tables, type: 'json' | 'jsonb'): Promise<void> => {
  await client.query(`
    ALTER TABLE ${tables.table('workflow_steps')}
    ALTER COLUMN job_data TYPE ${type} USING job_data::${type},
    ALTER COLUMN dependencies TYPE ${type} USING dependencies::${type}`);
};

/** json becomes jsonb. Rewrites the table of steps under an exclusive lock. */
const v2: MigrationStep = {
  up: (client, tables) => convert(client, tables, 'jsonb'),
  down: (client, tables) => convert(client, tables, 'json'),
};

/** Chancy's tables of workflows, step by step as Python's Chancy 0.25 makes them (wire contract, sections 1.1 and 1.5). */
export const workflowMigrations: MigrationSet = { key: 'workflow', steps: [v1, v2] };
