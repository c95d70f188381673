import { describe, expect, it } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { Sequence, Workflow } from '../../../../src/queue/plugins/workflow/workflow.js';
import { WorkflowPlugin } from '../../../../src/queue/plugins/workflow/workflow-plugin.js';
import { type Bench, acts, bench, latch } from '../../worker/support/bench.js';
import { Appointed } from '../appointed-leader.js';

const q = (func: string, more: object = {}): Job => new Job({ func, queue: 'q', ...more });

/** A leader that never looks by itself after its start. */
const quiet = { pollIntervalMs: 1_000_000 };

const make = (options: ConstructorParameters<typeof WorkflowPlugin>[0] = quiet): Promise<Bench> =>
  bench({ plugins: [new WorkflowPlugin(options)], queue: { concurrency: 4 } });

const succeed = (...funcs: string[]): string[] => {
  const order: string[] = [];
  for (const func of funcs) acts.set(func, async () => void order.push(func));
  return order;
};

describe('workflows', () => {
  it('run their steps in order and complete with the last one, without a poll', async () => {
    const b = await make();
    await b.started();
    const order = succeed('top', 'left', 'right', 'bottom');
    const workflow = new Workflow('diamond')
      .add('bottom', q('bottom'), ['left', 'right'])
      .add('left', q('left'), ['top'])
      .add('right', q('right'), ['top'])
      .add('top', q('top', { meta: { origin: 'test' } }));
    const id = await WorkflowPlugin.push(b.chancy, workflow);
    expect(id).toBe(workflow.id);
    expect(await b.record.until('workflow.finished')).toMatchObject({
      workflowId: id,
      name: 'diamond',
      state: 'completed',
    });
    expect([order[0], order.slice(1, 3).sort(), order[3]]).toEqual(['top', ['left', 'right'], 'bottom']);
    const stored = await WorkflowPlugin.get(b.chancy, id);
    expect(stored).toMatchObject({ id, name: 'diamond', state: 'completed', reason: null });
    expect(stored?.steps.map(({ stepId, state, func, queue }) => [stepId, state, func, queue])).toEqual([
      ['bottom', 'succeeded', 'bottom', 'q'],
      ['left', 'succeeded', 'left', 'q'],
      ['right', 'succeeded', 'right', 'q'],
      ['top', 'succeeded', 'top', 'q'],
    ]);
    expect((await b.chancy.getJob(stored!.steps[3]!.jobId!))?.meta).toEqual({ origin: 'test', workflow_id: id });
  });

  it('store what Python reads: nine keys, a list of dependencies, the job in the same transaction', async () => {
    const b = await make();
    const id = await WorkflowPlugin.push(b.chancy, new Sequence('line', [q('a'), q('b')]));
    const rows = await b.sql('SELECT step_id, job_data, dependencies, job_id FROM chancy_workflow_steps ORDER BY id');
    const [first, second] = rows;
    expect(rows.map(({ step_id, dependencies }) => [step_id, dependencies])).toEqual([
      ['step_0', []],
      ['step_1', ['step_0']],
    ]);
    expect(Object.keys(first!['job_data'] as object).sort()).toEqual('afklmpqsu'.split(''));
    expect((first!['job_data'] as { m: unknown }).m).toEqual({});
    expect(second!['job_id']).toBeNull();
    expect(await b.sql('SELECT id, meta, scheduled_at <= now() AS due FROM chancy_jobs')).toEqual([
      { id: first!['job_id'], meta: { workflow_id: id }, due: true },
    ]);
    expect(await b.sql('SELECT id, name, state FROM chancy_workflows')).toEqual([
      { id, name: 'line', state: 'pending' },
    ]);
  });

  it('keep the due time of a step that is later', async () => {
    const b = await make();
    const later = new Date('2040-01-01T00:00:00Z');
    await WorkflowPlugin.push(b.chancy, new Workflow('w').add('a', q('a', { scheduledAt: later })));
    expect(await b.sql('SELECT scheduled_at FROM chancy_jobs')).toEqual([{ scheduled_at: later }]);
  });

  it('belong to the transaction of the caller', async () => {
    const b = await make();
    const client = await b.connect();
    const workflow = new Workflow('w').add('a', q('a'));
    await client.query('BEGIN');
    await WorkflowPlugin.pushEx(client, b.chancy, workflow);
    await client.query('ROLLBACK');
    expect(await WorkflowPlugin.get(b.chancy, workflow.id)).toBeNull();
    expect(await b.sql('SELECT 1 FROM chancy_jobs')).toEqual([]);
    await client.query('BEGIN');
    await WorkflowPlugin.pushEx(client, b.chancy, workflow);
    await client.query('COMMIT');
    expect(await WorkflowPlugin.get(b.chancy, workflow.id)).toMatchObject({ state: 'pending' });
  });

  it('that could not end are refused before anything is stored', async () => {
    const b = await make();
    const circle = new Workflow('w').add('a', q('a'), ['b']).add('b', q('b'), ['a']);
    expect(() => WorkflowPlugin.push(b.chancy, circle)).toThrow('WORKFLOW_INVALID');
    await expect(WorkflowPlugin.pushEx(await b.connect(), b.chancy, circle)).rejects.toThrow('a -> b -> a');
    expect(await WorkflowPlugin.list(b.chancy)).toEqual([]);
  });

  it('fail with the first step that fails, and start nothing more', async () => {
    const b = await make();
    succeed('good');
    acts.set('bad', async () => {
      throw new Error('boom');
    });
    const id = await WorkflowPlugin.push(
      b.chancy,
      new Workflow('w').add('bad', q('bad')).add('after', q('good'), ['bad']),
    );
    await b.started();
    const { reason, state } = await b.record.until('workflow.finished');
    expect([state, reason]).toEqual(['failed', expect.stringMatching(/^bad: its job \S+ failed: boom$/)]);
    expect(await WorkflowPlugin.get(b.chancy, id)).toMatchObject({ state: 'failed', reason });
    expect(await b.sql('SELECT func FROM chancy_jobs')).toEqual([{ func: 'bad' }]);
  });

  it('wait for a step that is tried again', async () => {
    const b = await make();
    let tries = 0;
    acts.set('flaky', async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
    });
    await WorkflowPlugin.push(b.chancy, new Workflow('w').add('a', q('flaky', { maxAttempts: 2 })));
    await b.started();
    expect((await b.record.until('workflow.finished')).state).toBe('completed');
    expect(tries).toBe(2);
  });

  it('end with a reason when the row of a step is gone, where Python would hang', async () => {
    const b = await make({ pollIntervalMs: 20 });
    const id = await WorkflowPlugin.push(b.chancy, new Workflow('w').add('a', q('a')).add('b', q('b'), ['a']));
    await b.sql('DELETE FROM chancy_jobs');
    await b.started({ tags: [] });
    const { reason } = await b.record.until('workflow.finished');
    expect(reason).toMatch(/^a: its job \S+ is gone$/);
    expect(await WorkflowPlugin.get(b.chancy, id)).toMatchObject({
      state: 'failed',
      reason,
      steps: [{ state: 'missing' }, { state: null, jobId: null }],
    });
  });

  it('end when a step is cancelled, at the next look', async () => {
    const b = await make({ pollIntervalMs: 20 });
    const id = await WorkflowPlugin.push(b.chancy, new Workflow('w').add('a', q('a')));
    const workflow = await WorkflowPlugin.get(b.chancy, id);
    await b.chancy.cancelJob(workflow!.steps[0]!.jobId!);
    const ended = WorkflowPlugin.waitFor(b.chancy, id, { intervalMs: 10 });
    await b.started();
    expect(await ended).toMatchObject({ state: 'failed', reason: expect.stringContaining('CANCELLED') });
  });

  it('do not lose what ends while the worker stops', async () => {
    const b = await make();
    const running = latch();
    const free = latch();
    acts.set('slow', async () => {
      running.open();
      await free.opened;
    });
    const id = await WorkflowPlugin.push(b.chancy, new Sequence('line', [q('slow'), q('next')]));
    const worker = await b.started();
    await running.opened;
    const stopped = worker.stop();
    free.open();
    await stopped;
    const workflow = await WorkflowPlugin.get(b.chancy, id);
    expect(workflow?.steps.map(({ state }) => state)).toEqual(['succeeded', 'pending']);
  });

  it('start each step once when many end at once on two workers', async () => {
    const b = await make();
    const names = Array.from({ length: 30 }, (_, n) => `fan${n}`);
    succeed('root', 'join', ...names);
    const workflow = new Workflow('fan').add('root', q('root'));
    for (const name of names) workflow.add(name, q(name), ['root']);
    workflow.add('join', q('join'), names);
    const second = await bench({ url: b.url, plugins: [new WorkflowPlugin(quiet)], queue: { concurrency: 4 } });
    await Promise.all([b.started(), second.started()]);
    await WorkflowPlugin.push(b.chancy, workflow);
    const ended = await WorkflowPlugin.waitFor(b.chancy, workflow.id, { intervalMs: 20 });
    expect(ended?.state).toBe('completed');
    expect(await b.sql('SELECT count(*)::int AS n FROM chancy_jobs')).toEqual([{ n: 32 }]);
  });

  it('need no notifications', async () => {
    const b = await bench({
      plugins: [new WorkflowPlugin(quiet)],
      queue: { pollingInterval: 1 },
      notifications: false,
    });
    const order = succeed('a', 'b');
    const listener = await b.connect();
    const heard: unknown[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    await listener.query('LISTEN chancy_events');
    const id = await WorkflowPlugin.push(b.chancy, new Sequence('line', [q('a'), q('b')]));
    await b.started();
    expect(await b.record.until('workflow.finished')).toMatchObject({ workflowId: id, state: 'completed' });
    await listener.query('SELECT 1');
    expect([order, heard]).toEqual([['a', 'b'], []]);
  });

  it('tell Chancy of their making, of being stored again, and of their end', async () => {
    // A look of the leader at the same moment would end it without a word about the step.
    const b = await bench({ plugins: [new Appointed(), new WorkflowPlugin()] });
    succeed('a');
    const listener = await b.connect();
    const heard: unknown[] = [];
    const ended = new Promise<void>((resolve) => {
      listener.on('notification', ({ payload = '' }) => {
        const { t, ...body } = JSON.parse(payload) as { t: string };
        if (t.startsWith('workflow.')) heard.push([t, body]);
        if (t === 'workflow.step_completed') resolve();
      });
    });
    await listener.query('LISTEN chancy_events');
    const workflow = new Workflow('told').add('a', q('a'));
    const { id } = workflow;
    await WorkflowPlugin.push(b.chancy, workflow);
    await WorkflowPlugin.push(b.chancy, workflow);
    const { workerId: by } = await b.started();
    await ended;
    expect(heard).toEqual([
      ['workflow.created', { id, name: 'told' }],
      ['workflow.updated', { id, name: 'told' }],
      ['workflow.updated', { id, name: 'told' }],
      ['workflow.step_completed', { workflow_id: id, by }],
    ]);
  });

  it('may be pushed again with more steps, which keeps those that ran', async () => {
    const b = await make();
    succeed('a', 'b');
    const workflow = new Workflow('w').add('a', q('a'));
    await WorkflowPlugin.push(b.chancy, workflow);
    await b.started();
    await b.record.count('workflow.finished', 1);
    await WorkflowPlugin.push(b.chancy, workflow.add('b', q('b'), ['a']));
    await b.record.count('workflow.finished', 2);
    expect(await b.sql('SELECT func FROM chancy_jobs ORDER BY id')).toEqual([{ func: 'a' }, { func: 'b' }]);
    expect(await WorkflowPlugin.get(b.chancy, workflow.id)).toMatchObject({ state: 'completed' });
  });
});
