import { WorkflowPlugin } from '../../../../src/queue/plugins/workflow/workflow-plugin.js';
import { describePlugin } from '../../../contracts/plugin-conformance.js';

describePlugin('WorkflowPlugin', () => ({
  plugin: new WorkflowPlugin(),
  identifier: 'chancy.workflow_plugin',
  version: { key: 'workflow', version: 2 },
  pythonTables: `
    CREATE TABLE "chancy_workflows" (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      state text NOT NULL,
      created_at timestamptz DEFAULT now(),
      updated_at timestamptz DEFAULT now()
    );
    CREATE TABLE "chancy_workflow_steps" (
      id serial PRIMARY KEY,
      workflow_id uuid REFERENCES "chancy_workflows" (id) ON DELETE CASCADE,
      step_id text NOT NULL,
      job_data jsonb NOT NULL,
      dependencies jsonb NOT NULL,
      job_id uuid,
      created_at timestamptz DEFAULT now(),
      updated_at timestamptz DEFAULT now()
    );
    CREATE INDEX "chancy_workflow_steps_workflow_id_idx" ON "chancy_workflow_steps" (workflow_id);
    CREATE INDEX "chancy_workflows_state_idx" ON "chancy_workflows" (state);
    CREATE UNIQUE INDEX "chancy_workflows_steps_unique_idx" ON "chancy_workflow_steps" (workflow_id, step_id);`,
}));
