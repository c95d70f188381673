import { describe, expect, it } from 'vitest';
import type { Chancy } from '../../../../src/queue/chancy.js';
import type { DatabaseClient } from '../../../../src/queue/database/database.js';
import { Job } from '../../../../src/queue/job.js';
import { Leadership } from '../../../../src/queue/plugins/leadership/leadership.js';
import { WorkflowPlugin } from '../../../../src/queue/plugins/workflow/workflow-plugin.js';
import { Sequence } from '../../../../src/queue/plugins/workflow/workflow.js';
import { fakeWorker } from '../../../contracts/plugin-conformance.js';
import { type Bench, acts, bench } from '../../worker/support/bench.js';
import { Appointed } from '../appointed-leader.js';

const line = (...funcs: string[]): Sequence =>
  new Sequence(
    'line',
    funcs.map((func) => new Job({ func, queue: 'q' })),
  );

/** A workflow whose first step has ended and of which nobody was told. */
const stuck = async (b: Bench): Promise<string> => {
  const id = await WorkflowPlugin.push(b.chancy, line('silent', 'next'));
  await b.sql("UPDATE chancy_jobs SET state = 'succeeded'");
  return id;
};

const started = async (b: Bench): Promise<string[]> =>
  (await b.sql<{ func: string }>('SELECT func FROM chancy_jobs ORDER BY id')).map(({ func }) => func);

describe('the look at all workflows', () => {
  it('is the leader’s, from the moment that it leads', async () => {
    const election = new Appointed();
    const b = await bench({ plugins: [election, new WorkflowPlugin()], queue: null });
    await stuck(b);
    const worker = await b.started();
    await b.record.until('worker.started');
    await expect.poll(() => election.asked).toBeGreaterThan(0);
    expect(await started(b)).toEqual(['silent']);
    election.leads = true;
    worker.hub.emit('leadership.gained', { worker_id: worker.workerId });
    await expect.poll(() => started(b)).toEqual(['silent', 'next']);
  });

  it('works with the election of Chancy', async () => {
    const b = await bench({ plugins: [new Leadership(), new WorkflowPlugin()], queue: null });
    await stuck(b);
    await b.started();
    await expect.poll(() => started(b)).toEqual(['silent', 'next']);
  });

  it('is not needed for a step that ends on a worker, whoever leads', async () => {
    const b = await bench({ plugins: [new Appointed(), new WorkflowPlugin()] });
    for (const func of ['one', 'two']) acts.set(func, async () => undefined);
    const id = await WorkflowPlugin.push(b.chancy, line('one', 'two'));
    await b.started();
    expect(await b.record.until('workflow.finished')).toMatchObject({ workflowId: id, state: 'completed' });
  });
});

describe('a step that has ended while the database is away', () => {
  it('is taken on when it is back', async () => {
    const b = await bench({ plugins: [new Appointed(), new WorkflowPlugin()], queue: null });
    const id = await stuck(b);
    const plugin = new WorkflowPlugin();
    let isAway = true;
    const tries: boolean[] = [];
    const { tables, plugins, notifications } = b.chancy;
    const database = {
      async transaction<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T> {
        tries.push(isAway);
        if (isAway) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
        return b.chancy.database.transaction(run);
      },
    };
    const pushManyEx = b.chancy.pushManyEx.bind(b.chancy);
    const chancy = { tables, plugins, notifications, database, pushManyEx } as unknown as Chancy;
    const worker = fakeWorker(b);
    const ended = new AbortController();
    const [job] = await b.chancy.listJobs();
    await plugin.onJobUpdated(worker, { ...job!, meta: { workflow_id: id }, state: 'succeeded' });
    const run = plugin.run(worker, chancy, ended.signal);
    await expect.poll(() => tries.length).toBeGreaterThan(0);
    isAway = false;
    worker.hub.emit('worker.database_back');
    await expect.poll(() => started(b)).toEqual(['silent', 'next']);
    isAway = true;
    await plugin.onJobUpdated(worker, { ...job!, meta: { workflow_id: id }, state: 'failed' });
    ended.abort();
    await run;
    expect(b.record.of('worker.error')).toEqual([]);
  });

  it('is nothing to a workflow where the id is none', async () => {
    const b = await bench({ plugins: [new Appointed(), new WorkflowPlugin()] });
    const id = await stuck(b);
    acts.set('odd', async () => undefined);
    const worker = await b.started();
    await b.chancy.pushMany([
      new Job({ func: 'odd', queue: 'q', meta: { workflow_id: 'x' } }),
      new Job({ func: 'odd', queue: 'q', meta: { workflow_id: 7 } }),
    ]);
    await b.record.count('job.finished', 2);
    worker.hub.emit('workflow.step_completed', { workflow_id: 'x' });
    worker.hub.emit('workflow.created', { id: 7 });
    await worker.stop();
    expect(await WorkflowPlugin.get(b.chancy, id)).toMatchObject({ state: 'pending' });
    expect(b.record.of('worker.error')).toEqual([]);
  });
});
