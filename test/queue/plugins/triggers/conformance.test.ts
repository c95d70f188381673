import { Triggers } from '../../../../src/queue/plugins/triggers/triggers.js';
import { describePlugin } from '../../../contracts/plugin-conformance.js';

describePlugin('Triggers', () => ({
  plugin: new Triggers(),
  identifier: 'spoolgate.triggers',
  version: { key: 'spoolgate_triggers', version: 1 },
  pythonTables: `
    CREATE TABLE "chancy_spoolgate_triggers" (
      id text PRIMARY KEY,
      name text NOT NULL,
      table_name text NOT NULL,
      operations text[] NOT NULL,
      columns text[] NOT NULL,
      job jsonb NOT NULL,
      notifies boolean NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );`,
}));
