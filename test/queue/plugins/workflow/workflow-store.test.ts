import { describe, expect, it } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { storedWorkflowDot } from '../../../../src/queue/plugins/workflow/stored-workflow.js';
import { WorkflowPlugin } from '../../../../src/queue/plugins/workflow/workflow-plugin.js';
import { Sequence, Workflow } from '../../../../src/queue/plugins/workflow/workflow.js';
import { bench } from '../../worker/support/bench.js';
import { newJobId } from '../../../../src/queue/job-id.js';

const job = new Job({ func: 'f', queue: 'q' });
const plugin = (): WorkflowPlugin => new WorkflowPlugin();

describe('stored workflows', () => {
  it('are listed the newest first, by state, in pages', async () => {
    const b = await bench({ plugins: [plugin()] });
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.unshift(await WorkflowPlugin.push(b.chancy, new Sequence(name, [job])));
    await b.sql("UPDATE chancy_workflows SET state = 'failed' WHERE name = 'b'");
    const listed = async (options: Parameters<typeof WorkflowPlugin.list>[1]): Promise<string[]> =>
      (await WorkflowPlugin.list(b.chancy, options)).map(({ name }) => name);
    expect(await listed({})).toEqual(['c', 'b', 'a']);
    expect(await listed({ states: ['pending', 'running'] })).toEqual(['c', 'a']);
    expect(await listed({ limit: 1 })).toEqual(['c']);
    expect(await listed({ before: ids[0]! })).toEqual(['b', 'a']);
    await expect(listed({ limit: 0 })).rejects.toThrow('WORKFLOW_INVALID');
    await expect(listed({ before: 'x' })).rejects.toThrow('before: is not an id');
  });

  it('are null where there is none', async () => {
    const b = await bench({ plugins: [plugin()] });
    expect(await WorkflowPlugin.get(b.chancy, newJobId())).toBeNull();
    expect(await WorkflowPlugin.get(b.chancy, 'nonsense')).toBeNull();
    expect(await WorkflowPlugin.waitFor(b.chancy, newJobId())).toBeNull();
  });

  it('are waited for, but not for ever', async () => {
    const b = await bench({ plugins: [plugin()] });
    const id = await WorkflowPlugin.push(b.chancy, new Sequence('line', [job, job]));
    await expect(WorkflowPlugin.waitFor(b.chancy, id, { timeoutMs: 20, intervalMs: 5 })).rejects.toThrow(
      /^WAIT_TIMEOUT.*only 0 of 2 steps of the workflow have succeeded/,
    );
  });

  it('are drawn with the states of their steps', async () => {
    const b = await bench({ plugins: [plugin()] });
    const id = await WorkflowPlugin.push(b.chancy, new Sequence('line', [job, job]));
    expect(storedWorkflowDot((await WorkflowPlugin.get(b.chancy, id))!)).toBe(
      [
        'digraph "line" {',
        '  "step_0" [label="step_0\\nf", style=filled, fillcolor=lightgrey];',
        '  "step_1" [label="step_1\\nf"];',
        '  "step_0" -> "step_1";',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('are readable whatever another program wrote', async () => {
    const b = await bench({ plugins: [plugin()] });
    const id = await WorkflowPlugin.push(b.chancy, new Workflow('w').add('a', job));
    await b.sql(`UPDATE chancy_workflows SET state = 'odd', created_at = NULL, updated_at = 'infinity'`);
    await b.sql(`UPDATE chancy_workflow_steps SET job_data = '[]', dependencies = '7'`);
    await b.sql(`UPDATE chancy_jobs SET state = 'odd'`);
    expect(await WorkflowPlugin.get(b.chancy, id)).toMatchObject({
      state: 'running',
      createdAt: null,
      steps: [{ func: '', queue: '', dependencies: [], state: 'pending' }],
      reason: null,
    });
  });

  it('tell why they failed as far as the rows still do', async () => {
    const b = await bench({ plugins: [plugin()] });
    const id = await WorkflowPlugin.push(b.chancy, new Workflow('w').add('a', job));
    const reason = async (): Promise<unknown> => (await WorkflowPlugin.get(b.chancy, id))?.reason;
    await b.sql(`UPDATE chancy_workflows SET state = 'failed'`);
    expect(await reason()).toBe('what made it fail is not in the database any more');
    await b.sql(
      `UPDATE chancy_jobs SET state = 'failed', errors = '[{"traceback": "Traceback:\\nValueError: no\\n"}]'`,
    );
    expect(await reason()).toMatch(/failed: ValueError: no$/);
    await b.sql(`UPDATE chancy_jobs SET errors = '["x"]'`);
    expect(await reason()).toMatch(/^a: its job \S+ failed$/);
  });

  it('are deleted a day after their end, with their steps, so many at once', async () => {
    const b = await bench({ plugins: [plugin()] });
    for (const name of ['old', 'older', 'new', 'active']) {
      await WorkflowPlugin.push(b.chancy, new Sequence(name, [job]));
    }
    await b.sql(`UPDATE chancy_workflows SET state = CASE WHEN name = 'new' THEN 'failed' ELSE 'completed' END,
      updated_at = now() - CASE WHEN name = 'new' THEN interval '23 hours' ELSE interval '25 hours' END
      WHERE name <> 'active'`);
    await b.sql(`UPDATE chancy_workflows SET updated_at = now() - interval '1 year' WHERE name = 'active'`);
    const one = new WorkflowPlugin({ cleanupLimit: 1 });
    expect(await one.cleanup(b.chancy)).toBe(1);
    expect(await plugin().cleanup(b.chancy)).toBe(1);
    expect(await plugin().cleanup(b.chancy)).toBe(0);
    expect((await WorkflowPlugin.list(b.chancy)).map(({ name }) => name)).toEqual(['active', 'new']);
    expect(await b.sql('SELECT count(*)::int AS n FROM chancy_workflow_steps')).toEqual([{ n: 2 }]);
    expect(await new WorkflowPlugin({ keepFinishedMs: 0 }).cleanup(b.chancy)).toBe(1);
  });

  it('need options that are in range', () => {
    expect(() => new WorkflowPlugin({ pollIntervalMs: 0 })).toThrow(
      /^APP_INVALID.*chancy\.workflow_plugin: pollIntervalMs/,
    );
  });
});
