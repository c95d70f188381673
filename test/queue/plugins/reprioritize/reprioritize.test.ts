import { describe, expect, it } from 'vitest';
import { ImmediateLeadership } from '../../../../src/queue/plugins/leadership/immediate-leadership.js';
import { Leadership } from '../../../../src/queue/plugins/leadership/leadership.js';
import { Reprioritize, type ReprioritizeOptions } from '../../../../src/queue/plugins/reprioritize/reprioritize.js';
import { JobRules } from '../../../../src/queue/plugins/rules/job-rules.js';
import { type Bench, bench } from '../../worker/support/bench.js';
import { jobRow } from '../support/rows.js';
import { running } from '../support/running.js';

const rule = JobRules.queue.eq('q');

const raising = async (options: Partial<ReprioritizeOptions> = {}): Promise<{ b: Bench; plugin: Reprioritize }> => {
  const plugin = new Reprioritize({ rule, ...options });
  const b = await bench({ plugins: [new ImmediateLeadership(), plugin] });
  return { b, plugin };
};

const priorities = async (b: Bench): Promise<Record<string, number | null>> => {
  const rows = await b.sql<{ func: string; priority: number | null }>('SELECT func, priority FROM chancy_jobs');
  return Object.fromEntries(rows.map(({ func, priority }) => [func, priority]));
};

/** Tells how often it was asked who leads: once at the beginning of each turn. */
class CountedElection extends ImmediateLeadership {
  #count = 0;
  #look = (): void => undefined;
  override isLeader(): boolean {
    this.#count += 1;
    this.#look();
    return true;
  }
  asked(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (this.#count >= count) resolve();
      };
      this.#look();
    });
  }
}

describe('reprioritize', () => {
  it('raises waiting jobs that the rule means, within an integer', async () => {
    const { b, plugin } = await raising({ by: 5 });
    await jobRow(b, { func: "'waits'" });
    await jobRow(b, { func: "'again'", state: "'retrying'", priority: '-3' });
    await jobRow(b, { func: "'runs'", state: "'running'" });
    await jobRow(b, { func: "'done'", state: "'succeeded'" });
    await jobRow(b, { func: "'other'", queue: "'x'" });
    await jobRow(b, { func: "'first'", priority: 'NULL' });
    await jobRow(b, { func: "'high'", priority: '2147483645' });
    running(b, plugin);
    const { rows } = await b.record.until('reprioritize.raised');
    expect(rows).toBe(3);
    expect(await priorities(b)).toEqual({
      waits: 5,
      again: 2,
      runs: 0,
      done: 0,
      other: 0,
      first: null,
      high: 2_147_483_647,
    });
  });

  it('W9: a pass raises each job once, and ends', async () => {
    const election = new CountedElection();
    const plugin = new Reprioritize({ rule, batchSize: 10 });
    const b = await bench({ plugins: [election, plugin] });
    await b.sql(
      `INSERT INTO chancy_jobs (id, queue, func) SELECT gen_random_uuid(), 'q', 'f' || n FROM generate_series(1, 95) AS n`,
    );
    const { worker } = running(b, plugin);
    expect(await b.record.until('reprioritize.raised')).toMatchObject({ rows: 95 });
    // Whatever wakes it, the next pass is not due for five minutes. It has ended one turn when it begins the next.
    worker.hub.emit('leadership.gained');
    await election.asked(2);
    worker.hub.emit('worker.database_back');
    await election.asked(3);
    expect(new Set(Object.values(await priorities(b)))).toEqual(new Set([1]));
    expect(b.record.of('reprioritize.raised')).toHaveLength(1);
  });

  it('W9: jobs that are pushed during a pass do not prolong it', async () => {
    const { b, plugin } = await raising({ batchSize: 1 });
    const id = (n: number): string => `'03fc9681-0e6c-8d37-a0fe-00000000000${n}'`;
    await jobRow(b, { id: id(1) });
    await jobRow(b, { id: id(2) });
    // Each raise pushes another one.
    await b.sql(`CREATE FUNCTION push_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO chancy_jobs (id, queue, func) SELECT ('0f' || substr(gen_random_uuid()::text, 3))::uuid, 'q', 'new';
      RETURN NULL; END $$`);
    await b.sql('CREATE TRIGGER more AFTER UPDATE ON chancy_jobs FOR EACH ROW EXECUTE FUNCTION push_more()');
    running(b, plugin);
    expect(await b.record.until('reprioritize.raised')).toMatchObject({ rows: 2 });
    expect(await b.sql(`SELECT DISTINCT priority FROM chancy_jobs WHERE func = 'new'`)).toEqual([{ priority: 0 }]);
  });

  it('goes on pass by pass, by the rule of that moment', async () => {
    const { b, plugin } = await raising({ rule: rule.and(JobRules.priority.lt(3)), pollIntervalMs: 5 });
    await jobRow(b, { func: "'waits'" });
    running(b, plugin);
    await b.record.count('reprioritize.raised', 3);
    await expect.poll(() => priorities(b)).toEqual({ waits: 3 });
  });

  it('is done by the leader alone', async () => {
    const leadership = new Leadership();
    const plugin = new Reprioritize({ rule });
    const b = await bench({ plugins: [leadership, plugin] });
    await jobRow(b, { func: "'waits'" });
    const follower = running(b, plugin, 'follower');
    const leader = running(b, leadership, 'leader');
    await b.record.until('leadership.gained');
    follower.worker.hub.emit('leadership.gained');
    await follower.stop();
    expect(await priorities(b)).toEqual({ waits: 0 });
    running(b, plugin, 'leader');
    await b.record.until('reprioritize.raised', ({ workerId }) => workerId === 'leader');
    await leader.stop();
  });

  it('stops when the lease is lost in the middle', async () => {
    class Losing extends ImmediateLeadership {
      #left = 1;
      override async asLeader<T>(...args: Parameters<ImmediateLeadership['asLeader']>): Promise<T | undefined> {
        this.#left -= 1;
        return this.#left < 0 ? undefined : ((await super.asLeader(...args)) as T);
      }
    }
    const plugin = new Reprioritize({ rule, batchSize: 1 });
    const b = await bench({ plugins: [new Losing(), plugin] });
    for (const func of ["'a'", "'b'", "'c'"]) await jobRow(b, { func });
    running(b, plugin);
    expect(await b.record.until('reprioritize.raised')).toMatchObject({ rows: 1 });
  });

  it('refuses options that cannot be', () => {
    expect(() => new Reprioritize({} as never)).toThrow('chancy.reprioritize: rule: is not a Rule');
    expect(() => new Reprioritize({ rule, by: 0.5 })).toThrow('chancy.reprioritize: by');
  });
});
