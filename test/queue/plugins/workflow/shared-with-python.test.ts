import { describe, expect, it } from 'vitest';
import { newJobId } from '../../../../src/queue/job-id.js';
import { WorkflowPlugin } from '../../../../src/queue/plugins/workflow/workflow-plugin.js';
import { Sequence } from '../../../../src/queue/plugins/workflow/workflow.js';
import { Job } from '../../../../src/queue/job.js';
import { type Bench, acts, bench } from '../../worker/support/bench.js';

interface PythonStep {
  readonly id: string;
  readonly after?: unknown;
  readonly packed?: Record<string, unknown>;
  readonly jobId?: string;
}

const packed = (func: string, more: object = {}): Record<string, unknown> => ({
  f: func,
  k: { n: 1 },
  p: 2,
  a: 1,
  s: 1700000000.123456,
  l: [],
  u: null,
  q: 'q',
  m: {},
  ...more,
});

/** Rows as Python's plugin leaves them after a push: no step has a job yet. */
const pythonWorkflow = async (b: Bench, name: string, steps: readonly PythonStep[]): Promise<string> => {
  const id = newJobId();
  const rows = steps.map(({ id: step, after = [], packed: data = packed(step), jobId = null }) => ({
    step_id: step,
    job_data: data,
    dependencies: after,
    job_id: jobId,
  }));
  // At once, as Python does it: half a workflow must not be seen.
  await b.sql(
    `WITH workflow AS (INSERT INTO chancy_workflows (id, name, state) VALUES ($1, $2, 'pending') RETURNING id)
     INSERT INTO chancy_workflow_steps (workflow_id, step_id, job_data, dependencies, job_id)
     SELECT workflow.id, step.step_id, step.job_data, step.dependencies, step.job_id
     FROM workflow, jsonb_to_recordset($3) AS step (step_id text, job_data jsonb, dependencies jsonb, job_id uuid)`,
    [id, name, JSON.stringify(rows)],
  );
  return id;
};

const make = (options: ConstructorParameters<typeof WorkflowPlugin>[0] = {}): Promise<Bench> =>
  bench({ plugins: [new WorkflowPlugin(options)] });

describe('a workflow that Python has pushed', () => {
  it('is taken on when Python tells of it, and runs to its end', async () => {
    const b = await make();
    await b.started();
    const seen: unknown[] = [];
    acts.set('first', async ({ kwargs, meta, priority }) => void seen.push([kwargs, meta, priority]));
    acts.set('second', async () => undefined);
    const id = await pythonWorkflow(b, 'python', [{ id: 'second', after: ['first'] }, { id: 'first' }]);
    await b.sql('SELECT pg_notify($1, $2)', [
      'chancy_events',
      JSON.stringify({ t: 'workflow.created', id, name: 'python' }),
    ]);
    expect(await b.record.until('workflow.finished')).toMatchObject({ workflowId: id, state: 'completed' });
    expect(seen).toEqual([[{ n: 1 }, { workflow_id: id }, 2]]);
  });

  it('is found by the leader when nobody tells', async () => {
    const b = await make();
    acts.set('only', async () => undefined);
    const id = await pythonWorkflow(b, 'python', [{ id: 'only' }]);
    await b.started();
    expect(await b.record.until('workflow.finished')).toMatchObject({ workflowId: id, state: 'completed' });
  });

  it('goes on when a step of it has ended on a worker that only tells', async () => {
    const b = await make();
    await b.started();
    acts.set('next', async () => undefined);
    const jobId = newJobId();
    await b.sql(`INSERT INTO chancy_jobs (id, queue, func, state) VALUES ($1, 'python', 'f', 'succeeded')`, [jobId]);
    const id = await pythonWorkflow(b, 'mixed', [
      { id: 'done', jobId },
      { id: 'next', after: ['done'] },
    ]);
    await b.sql('SELECT pg_notify($1, $2)', [
      'chancy_events',
      JSON.stringify({ t: 'workflow.step_completed', workflow_id: id }),
    ]);
    expect(await b.record.until('workflow.finished')).toMatchObject({ workflowId: id, state: 'completed' });
  });

  it('has its Python steps left to Python, and is told to it when ours end', async () => {
    const b = await make();
    const heard: unknown[] = [];
    const listener = await b.connect();
    const told = new Promise<void>((resolve) => {
      listener.on('notification', ({ payload = '' }) => {
        const { t, ...body } = JSON.parse(payload) as { t: string };
        if (t === 'workflow.step_completed') heard.push(body);
        if (t === 'workflow.step_completed') resolve();
      });
    });
    await listener.query('LISTEN chancy_events');
    acts.set('ours', async () => undefined);
    const id = await WorkflowPlugin.push(
      b.chancy,
      new Sequence('mixed', [
        new Job({ func: 'ours', queue: 'q' }),
        new Job({ func: 'tasks.theirs', queue: 'python' }),
      ]),
    );
    const worker = await b.started();
    await told;
    expect(heard).toEqual([{ workflow_id: id, by: worker.workerId }]);
    expect(await b.sql("SELECT func, state, meta FROM chancy_jobs WHERE queue = 'python'")).toEqual([
      { func: 'tasks.theirs', state: 'pending', meta: { workflow_id: id } },
    ]);
  });

  it.each([
    ['nothing', [], 'has no steps'],
    ['a step that is not there', [{ id: 'a', after: ['z'] }], 'steps.a: waits for z, which is not a step'],
    ['itself', [{ id: 'a', after: ['a'] }], 'steps.a: waits for itself: a -> a'],
    ['dependencies that are no list', [{ id: 'a', after: { b: 1 } }], 'a: its dependencies are not a list of steps'],
    [
      'a job with a limit that nobody knows',
      [{ id: 'a', packed: packed('a', { l: [{ t: 'cpu', v: 1 }] }) }],
      'a: its job cannot be pushed: l.0.t: Invalid option: expected one of "memory"|"time"',
    ],
    ['a job that is none', [{ id: 'a', packed: { f: 7 } }], expect.stringContaining('a: its job cannot be pushed: f:')],
  ] as [string, PythonStep[], unknown][])('W13: ends with a reason when it holds %s', async (_what, steps, reason) => {
    const b = await make();
    const bad = await pythonWorkflow(b, 'bad', steps);
    const good = await pythonWorkflow(b, 'good', [{ id: 'fine' }]);
    acts.set('fine', async () => undefined);
    await b.started();
    expect(await b.record.until('workflow.finished', ({ workflowId }) => workflowId === bad)).toMatchObject({
      state: 'failed',
      reason,
    });
    await b.record.until('workflow.finished', ({ workflowId }) => workflowId === good);
    expect(b.record.of('worker.error')).toEqual([]);
    expect((await WorkflowPlugin.list(b.chancy, { states: ['failed'] })).map(({ id }) => id)).toEqual([bad]);
  });
});

describe('W7: no workflow starves', () => {
  it('of 1,000 that are active, each goes on in one look', async () => {
    const b = await make();
    await b.sql(
      `WITH made AS (
         INSERT INTO chancy_workflows (id, name, state, created_at)
         SELECT gen_random_uuid(), 'w' || n, CASE WHEN n % 2 = 0 THEN 'pending' ELSE 'running' END,
           CASE WHEN n % 7 > 0 THEN now() - n * interval '1 s' END
         FROM generate_series(1, 1100) AS n RETURNING id
       )
       INSERT INTO chancy_workflow_steps (workflow_id, step_id, job_data, dependencies)
       SELECT id, step, $1, deps::jsonb FROM made, (VALUES ('a', '[]'), ('b', '["a"]')) AS steps (step, deps)`,
      [JSON.stringify(packed('nobody', { q: 'nobodys' }))],
    );
    await b.started();
    await expect
      .poll(() => b.sql('SELECT count(job_id)::int AS n FROM chancy_workflow_steps'), { timeout: 20_000 })
      .toEqual([{ n: 1100 }]);
    expect(await b.sql('SELECT count(*)::int AS n FROM chancy_jobs')).toEqual([{ n: 1100 }]);
  });

  it('and one that the database refuses does not keep the others from going on', async () => {
    const b = await make();
    await b.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.func = 'refused' THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$`);
    await b.sql('CREATE TRIGGER refuse BEFORE INSERT ON chancy_jobs FOR EACH ROW EXECUTE FUNCTION refuse()');
    acts.set('fine', async () => undefined);
    await pythonWorkflow(b, 'before', [{ id: 'fine' }]);
    const refused = await pythonWorkflow(b, 'refused', [{ id: 'refused' }]);
    await pythonWorkflow(b, 'after', [{ id: 'fine' }]);
    await b.started();
    await b.record.count('workflow.finished', 2);
    const { error } = await b.record.until('worker.error');
    expect(error).toBe('not this one');
    expect(await WorkflowPlugin.get(b.chancy, refused)).toMatchObject({ state: 'pending' });
  });
});
