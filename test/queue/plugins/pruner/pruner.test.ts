import { describe, expect, it } from 'vitest';
import type { Chancy } from '../../../../src/queue/chancy.js';
import { ImmediateLeadership } from '../../../../src/queue/plugins/leadership/immediate-leadership.js';
import { Pruner, type PrunerOptions } from '../../../../src/queue/plugins/pruner/pruner.js';
import { JobRules, endedAt } from '../../../../src/queue/plugins/rules/job-rules.js';
import { WorkflowPlugin } from '../../../../src/queue/plugins/workflow/workflow-plugin.js';
import { Plugin } from '../../../../src/queue/plugin.js';
import { pruneJobs } from '../../../../src/queue/sql/prune-jobs.js';
import { type Bench, bench } from '../../worker/support/bench.js';
import { funcsLeft, jobRow } from '../support/rows.js';
import { running } from '../support/running.js';

/** Called by the pruner after each pass. */
class PassCounter extends Plugin {
  readonly identifier = 'test.passes';
  #passed: () => void = () => undefined;
  readonly passed = new Promise<void>((resolve) => {
    this.#passed = resolve;
  });
  override cleanup(_chancy: Chancy): Promise<number> {
    this.#passed();
    return Promise.resolve(1);
  }
}

interface Pruning {
  readonly b: Bench;
  /** Lets the pruner make one pass. */
  readonly pass: () => Promise<void>;
}

const pruning = async (
  options: PrunerOptions = {},
  plugins: readonly Plugin[] = [],
  leadership: Plugin = new ImmediateLeadership(),
): Promise<Pruning> => {
  const pruner = new Pruner(options);
  const counter = new PassCounter();
  const b = await bench({ plugins: [leadership, ...plugins, counter, pruner] });
  return {
    b,
    pass: async () => {
      const { stop } = running(b, pruner);
      await counter.passed;
      await stop();
    },
  };
};

const old = "now() - interval '25 h'";
const young = "now() - interval '23 h'";

describe('the pruner', () => {
  it('deletes finished jobs a day after their end, and says so', async () => {
    const { b, pass } = await pruning();
    await jobRow(b, { func: "'old.succeeded'", state: "'succeeded'", completed_at: old, created_at: old });
    await jobRow(b, { func: "'old.failed'", state: "'failed'", completed_at: old, created_at: old });
    await jobRow(b, { func: "'young'", state: "'succeeded'", completed_at: young, created_at: old });
    const client = await b.connect();
    await client.query('LISTEN chancy_events');
    const heard = new Promise((resolve) => {
      client.on('notification', ({ payload = '' }) => resolve(JSON.parse(payload)));
    });
    await pass();
    expect(await funcsLeft(b)).toEqual(['young']);
    expect(b.record.of('pruner.removed')).toMatchObject([{ workerId: 'me', rows: 2 }]);
    expect(await heard).toEqual({ t: 'pruner.removed', elapsed: expect.any(Number), rows_removed: 2 });
  });

  it('W11: retrying jobs stay, a long job is kept for a day after its end, and so are steps in use', async () => {
    // Only its tables are needed: it does not run.
    const { b, pass } = await pruning({}, [new WorkflowPlugin()]);
    for (const state of ['pending', 'running', 'retrying']) {
      await jobRow(b, { func: `'${state}'`, state: `'${state}'`, created_at: old, started_at: old, completed_at: old });
    }
    await jobRow(b, {
      func: "'took.long'",
      state: "'succeeded'",
      created_at: old,
      started_at: old,
      completed_at: young,
    });
    for (const state of ['pending', 'running', 'completed', 'failed']) {
      const id = await jobRow(b, { func: `'step.${state}'`, state: "'succeeded'", completed_at: old });
      await b.sql(
        `WITH workflow AS (
           INSERT INTO chancy_workflows (id, name, state) VALUES (gen_random_uuid(), 'w', $1) RETURNING id
         )
         INSERT INTO chancy_workflow_steps (workflow_id, step_id, job_data, dependencies, job_id)
         SELECT id, 'begun', '{}'::jsonb, '[]'::jsonb, $2::uuid FROM workflow
         UNION ALL SELECT id, 'waits', '{}', '[]', NULL FROM workflow`,
        [state, id],
      );
    }
    await pass();
    expect(await funcsLeft(b)).toEqual(['pending', 'retrying', 'running', 'step.pending', 'step.running', 'took.long']);
  });

  it('counts from the start or the push of a job whose end nobody wrote down, as when Python cancels it', async () => {
    const { b, pass } = await pruning();
    await jobRow(b, { func: "'cancelled.old'", state: "'failed'", created_at: old });
    await jobRow(b, { func: "'cancelled.running'", state: "'failed'", created_at: old, started_at: young });
    await pass();
    expect(await funcsLeft(b)).toEqual(['cancelled.running']);
  });

  it('counts from the push, as Chancy does, if asked to, and for as long as it is told', async () => {
    const { b, pass } = await pruning({ age: 'created', maxAgeMs: 3_600_000 });
    await jobRow(b, {
      func: "'old'",
      state: "'succeeded'",
      created_at: "now() - interval '61 min'",
      completed_at: 'now()',
    });
    await jobRow(b, { func: "'young'", state: "'succeeded'", created_at: "now() - interval '59 min'" });
    await pass();
    expect(await funcsLeft(b)).toEqual(['young']);
  });

  it('follows a rule', async () => {
    const { b, pass } = await pruning({ rule: JobRules.queue.eq('mail').and(JobRules.state.eq('succeeded')) });
    await jobRow(b, { func: "'meant'", queue: "'mail'", state: "'succeeded'" });
    await jobRow(b, { func: "'other'", queue: "'mail'", state: "'failed'", completed_at: old });
    await jobRow(b, { func: "'waits'", queue: "'mail'" });
    await pass();
    expect(await funcsLeft(b)).toEqual(['other', 'waits']);
  });

  it('goes on until nothing is left, in batches', async () => {
    const { b, pass } = await pruning({ batchSize: 100 });
    await b.sql(`INSERT INTO chancy_jobs (id, queue, func, state, completed_at)
      SELECT gen_random_uuid(), 'q', 'a.b', 'succeeded', now() - interval '2 days' FROM generate_series(1, 1050)`);
    await pass();
    expect(await funcsLeft(b)).toEqual([]);
    expect(b.record.of('pruner.removed')).toMatchObject([{ rows: 1050 }]);
  });

  it('leaves a row that somebody holds for the next time', async () => {
    const { b, pass } = await pruning();
    const id = await jobRow(b, { func: "'held'", state: "'succeeded'", completed_at: old });
    const client = await b.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM chancy_jobs WHERE id = $1 FOR UPDATE', [id]);
    await pass();
    await client.query('ROLLBACK');
    expect(await funcsLeft(b)).toEqual(['held']);
  });

  it('is served by an index of its own, which comes back with the jobs table', async () => {
    const { b } = await pruning();
    await b.sql(`INSERT INTO chancy_jobs (id, queue, func, state, completed_at)
      SELECT gen_random_uuid(), 'q', 'a.b', CASE WHEN n % 2 = 0 THEN 'succeeded' ELSE 'pending' END, now() - n * interval '1 s'
      FROM generate_series(1, 20000) AS n`);
    await b.sql('ANALYZE chancy_jobs');
    const rule = JobRules.endedAge.gt(19_900);
    const { text, values } = pruneJobs(b.chancy.tables, {
      rule,
      order: endedAt,
      batchSize: 10_000,
      hasWorkflows: false,
    });
    const plan = await b.sql(`EXPLAIN ${text}`, values);
    expect(JSON.stringify(plan)).toContain('chancy_spoolgate_jobs_ended');
    await b.chancy.migrate({ plugin: 'chancy', toVersion: 0 });
    await b.chancy.migrate({ plugin: 'chancy' });
    expect(await b.chancy.isUpToDate()).toBe(true);
    expect(await b.chancy.migrate()).toBe(true);
    expect(await b.sql(`SELECT to_regclass('chancy_spoolgate_jobs_ended') IS NOT NULL AS there`)).toEqual([
      { there: true },
    ]);
  });

  it('has every plugin clean up, and goes on when one fails', async () => {
    class Faulty extends Plugin {
      readonly identifier = 'test.faulty';
      override cleanup(): Promise<number> {
        throw new Error('no');
      }
    }
    const { b, pass } = await pruning({}, [new Faulty()]);
    await pass();
    expect(b.record.of('worker.error')).toMatchObject([
      { doing: 'the cleanup of the plugin test.faulty', error: 'no' },
    ]);
  });

  it('does nothing while another worker leads', async () => {
    class Follower extends ImmediateLeadership {
      #ask: () => void = () => undefined;
      readonly asking = new Promise<void>((resolve) => {
        this.#ask = resolve;
      });
      override isLeader(): boolean {
        this.#ask();
        return false;
      }
      override asLeader(): Promise<undefined> {
        return Promise.resolve(undefined);
      }
    }
    const follower = new Follower();
    const pruner = new Pruner();
    const b = await bench({ plugins: [follower, pruner] });
    await jobRow(b, { state: "'succeeded'", completed_at: old });
    const { stop } = running(b, pruner);
    await follower.asking;
    await stop();
    expect(await funcsLeft(b)).toEqual(['a.b']);
  });

  it('refuses options that contradict each other', () => {
    const rule = JobRules.queue.eq('q');
    expect(() => new Pruner({ rule, maxAgeMs: 1 })).toThrow('chancy.pruner: rule: stands instead of age and maxAgeMs');
    expect(() => new Pruner({ rule: {} as never })).toThrow('chancy.pruner: rule: is not a Rule');
    expect(() => new Pruner({ batchSize: 0 })).toThrow('chancy.pruner: batchSize');
  });
});
