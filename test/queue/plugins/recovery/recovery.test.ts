import { describe, expect, it } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { ImmediateLeadership } from '../../../../src/queue/plugins/leadership/immediate-leadership.js';
import { Recovery, type RecoveryOptions } from '../../../../src/queue/plugins/recovery/recovery.js';
import { JobRules } from '../../../../src/queue/plugins/rules/job-rules.js';
import { recoverJobs } from '../../../../src/queue/sql/recover-jobs.js';
import { type Bench, acts, bench, latch } from '../../worker/support/bench.js';
import { looksOf } from '../support/looks.js';
import { jobRow } from '../support/rows.js';
import { type RunningPlugin, running } from '../support/running.js';

/** The server of the tests is younger than 90 s: its times are moved by options here, and by rows. */
const quick: RecoveryOptions = { heartbeatTimeoutMs: 50, graceMs: 50, pollIntervalMs: 20 };

const recovering = async (options: RecoveryOptions = {}): Promise<{ b: Bench; start: () => RunningPlugin }> => {
  const recovery = new Recovery({ ...quick, ...options });
  const b = await bench({ plugins: [new ImmediateLeadership(), recovery] });
  return { b, start: () => running(b, recovery) };
};

const lives = async (b: Bench, workerId: string, ago = '0 s', expires = '0 s'): Promise<void> => {
  await b.sql(
    `INSERT INTO chancy_workers (worker_id, tags, queues, last_seen, expires_at)
     VALUES ($1, '{}', '{}', now() - $2::interval, now() + $3::interval)`,
    [workerId, ago, expires],
  );
};

const orphan = (b: Bench, func: string, columns: Readonly<Record<string, string>> = {}): Promise<string> =>
  jobRow(b, { func: `'${func}'`, state: "'running'", taken_by: "'dead'", started_at: 'now()', ...columns });

const row = async (b: Bench, id: string): Promise<Record<string, unknown> | undefined> => {
  const [found] = await b.sql(
    `SELECT state, taken_by, started_at, completed_at IS NOT NULL AS ended, attempts, max_attempts, meta, errors
     FROM chancy_jobs WHERE id = $1`,
    [id],
  );
  return found;
};

describe('recovery', () => {
  it('puts the jobs of a dead worker back in line as Chancy does, and wakes their queue', async () => {
    const { b, start } = await recovering();
    await lives(b, 'alive', '0 s', '1 h');
    const mine = await orphan(b, 'mine', { taken_by: "'alive'" });
    const lost = await orphan(b, 'lost', { attempts: '1', max_attempts: '3', errors: `'[{"a":1}]'` });
    const nobodys = await orphan(b, 'nobodys', { taken_by: 'NULL', meta: "'null'", queue: "'other'" });
    const full = await orphan(b, 'full', { max_attempts: '2147483647', meta: `'{"recoveries":"many","x":1}'` });
    const client = await b.connect();
    await client.query('LISTEN chancy_events');
    const heard: string[] = [];
    client.on('notification', ({ payload = '' }) => heard.push(payload));
    start();
    const told = await b.record.until('recovery.recovered');
    expect(told.recovered.toSorted()).toEqual([lost, nobodys, full].toSorted());
    expect(told.failed).toEqual([]);
    const back = { state: 'pending', taken_by: null, started_at: null, ended: false };
    expect(await row(b, lost)).toEqual({
      ...back,
      attempts: 1,
      max_attempts: 4,
      meta: { recoveries: 1 },
      errors: [{ a: 1 }],
    });
    expect(await row(b, nobodys)).toMatchObject({ ...back, max_attempts: 2, meta: { recoveries: 1 } });
    expect(await row(b, full)).toMatchObject({ ...back, max_attempts: 2_147_483_647, meta: { recoveries: 1, x: 1 } });
    expect(await row(b, mine)).toMatchObject({ state: 'running', taken_by: 'alive' });
    await client.query('SELECT 1');
    expect(heard.map((payload) => JSON.parse(payload) as unknown)).toEqual([
      { t: 'queue.pushed', q: expect.stringMatching(/^(?:q|other)$/) },
      { t: 'queue.pushed', q: expect.stringMatching(/^(?:q|other)$/) },
      { t: 'recovery.recovered', elapsed: expect.any(Number), rows_recovered: 3 },
    ]);
  });

  it('W19: a job that keeps killing its worker fails with the reason', async () => {
    const { b, start } = await recovering();
    const id = await orphan(b, 'poison', { unique_key: "'key'" });
    start();
    for (const recoveries of [1, 2]) {
      await b.record.count('recovery.recovered', recoveries);
      expect(await row(b, id)).toMatchObject({ state: 'pending', meta: { recoveries }, errors: [] });
      await b.sql(`UPDATE chancy_jobs SET state = 'running', taken_by = 'dead' WHERE id = $1`, [id]);
    }
    const { failed } = await b.record.until('recovery.recovered', (told) => told.failed.length > 0);
    expect(failed).toEqual([id]);
    const words = 'JOB_KILLED_WORKERS: The workers that ran the job died, as often as is allowed: dead';
    expect(await row(b, id)).toMatchObject({
      state: 'failed',
      taken_by: 'dead',
      ended: true,
      max_attempts: 3,
      meta: { recoveries: 3 },
      errors: [{ traceback: words, attempt: 0, code: 'JOB_KILLED_WORKERS', message: words }],
    });
    // Its key is free again.
    await b.chancy.push(new Job({ func: 'next', queue: 'q', uniqueKey: 'key' }));
  });

  it('fails a job of a dead worker that is not to be started again, by queue, func or rule', async () => {
    const { b, start } = await recovering({
      interrupted: {
        queues: ['printers'],
        funcs: ['mail.send'],
        rule: JobRules.meta('print', 'extent').eq('extruded'),
      },
    });
    const byQueue = await orphan(b, 'a', { queue: "'printers'" });
    const byFunc = await orphan(b, 'mail.send');
    const byRule = await orphan(b, 'print', { meta: `'{"print":{"extent":"extruded"}}'`, errors: "'null'" });
    const other = await orphan(b, 'print', { meta: `'{"print":{"extent":"heated"}}'` });
    start();
    const told = await b.record.until('recovery.recovered');
    expect(told.failed.toSorted()).toEqual([byQueue, byFunc, byRule].toSorted());
    expect(told.recovered).toEqual([other]);
    expect(await row(b, byRule)).toMatchObject({
      state: 'failed',
      max_attempts: 1,
      errors: [{ code: 'JOB_INTERRUPTED', attempt: 0 }],
    });
  });

  it('has no limit if told so, and names by which jobs fail may stand alone', async () => {
    const { b, start } = await recovering({ maxDeaths: null, interrupted: { funcs: ['never'] } });
    const id = await orphan(b, 'often', { meta: '\'{"recoveries": 1e30}\'' });
    start();
    expect((await b.record.until('recovery.recovered')).recovered).toEqual([id]);
    expect(await row(b, id)).toMatchObject({ state: 'pending', meta: { recoveries: 1_000_001 } });
  });

  it('goes on until nothing is left, in batches', async () => {
    const { b, start } = await recovering();
    await b.sql(`INSERT INTO chancy_jobs (id, queue, func, state, taken_by)
      SELECT gen_random_uuid(), 'q', 'a.b', 'running', 'w' || n % 3 FROM generate_series(1, 1500) AS n`);
    start();
    await b.record.count('recovery.recovered', 2);
    expect(b.record.of('recovery.recovered').map(({ recovered }) => recovered.length)).toEqual([1000, 500]);
  });

  it("takes a worker's own word for how long its heartbeats may be apart", async () => {
    const { b, start } = await recovering();
    await lives(b, 'slow', '1 h', '1 h');
    await lives(b, 'late', '1 h', '-1 s');
    const slow = await orphan(b, 'slow', { taken_by: "'slow'" });
    const late = await orphan(b, 'late', { taken_by: "'late'" });
    start();
    expect((await b.record.until('recovery.recovered')).recovered).toEqual([late]);
    expect(await row(b, slow)).toMatchObject({ state: 'running' });
  });

  it('W21: jobs of workers that live are not started twice when a crash has emptied the table', async () => {
    const recovery = new Recovery({ heartbeatTimeoutMs: 50, graceMs: 2000, pollIntervalMs: 10 });
    const b = await bench({ plugins: [new ImmediateLeadership(), recovery] });
    const { opened, open } = latch();
    let runs = 0;
    acts.set('survives', async () => {
      runs += 1;
      await opened;
    });
    const id = String(await b.chancy.push('q', new Job({ func: 'survives' })));
    const worker = await b.started({ workerId: 'lives', heartbeatIntervalMs: 100, heartbeatTimeoutMs: 200 });
    await b.record.until('job.claimed');
    // As a crash leaves them.
    await b.sql('TRUNCATE chancy_workers, chancy_leader');
    await orphan(b, 'really.lost');
    // The one that is really lost comes back: recovery has looked, and for long enough.
    const { recovered } = await b.record.until('recovery.recovered');
    expect(recovered).not.toContain(id);
    expect(await row(b, id)).toMatchObject({ state: 'running', taken_by: 'lives' });
    open();
    await b.record.until('job.finished', ({ jobId }) => jobId === id);
    await worker.stop();
    expect(runs).toBe(1);
    expect(await row(b, id)).toMatchObject({ state: 'succeeded', meta: {} });
  });

  it('W21: nobody is dead before the server has been up for as long as a heartbeat may take', async () => {
    const young = new Recovery({ heartbeatTimeoutMs: 86_400_000, graceMs: 0, pollIntervalMs: 10 });
    const b = await bench({ plugins: [new ImmediateLeadership(), young] });
    const id = await orphan(b, 'waits');
    const { looked } = looksOf(b);
    const { stop } = running(b, young);
    await looked(3);
    await stop();
    expect(await row(b, id)).toMatchObject({ state: 'running' });
  });

  it('forgets who was missing when the database was away', async () => {
    const { b, start } = await recovering({ graceMs: 700, pollIntervalMs: 10 });
    const id = await orphan(b, 'a');
    const { looked } = looksOf(b);
    const { worker } = start();
    const began = performance.now();
    for (let looks = 1; performance.now() - began < 1400; looks += 1) {
      await looked(looks);
      worker.hub.emit('worker.database_lost');
    }
    // Twice the grace has gone by, but never without a break.
    expect(await row(b, id)).toMatchObject({ state: 'running' });
    await b.record.until('recovery.recovered');
  });

  it('asks again, when it takes a job, whether its worker is still missing', async () => {
    const { b } = await recovering();
    await lives(b, 'back', '0 s', '1 h');
    await orphan(b, 'a', { taken_by: "'back'" });
    const lost = await orphan(b, 'b');
    const { text, values } = recoverJobs(b.chancy.tables, {
      workers: ['back', 'dead'],
      unnamed: false,
      timeoutMs: 90_000,
      maxDeaths: 3,
      interrupted: undefined,
      messages: { interrupted: '', killed: '' },
    });
    expect(await b.sql(text, values)).toEqual([{ id: lost, queue: 'q', state: 'pending' }]);
  });

  it('tries again after an error, and says so once', async () => {
    const { b, start } = await recovering();
    await orphan(b, 'a');
    await b.sql('ALTER TABLE chancy_workers RENAME TO gone');
    start();
    await b.record.until('worker.error', ({ doing }) => doing === 'recovering jobs');
    await b.sql('ALTER TABLE gone RENAME TO chancy_workers');
    await b.record.until('recovery.recovered');
    expect(b.record.of('worker.error')).toHaveLength(1);
  });

  it('refuses options that cannot be', () => {
    expect(() => new Recovery({ maxDeaths: 0 })).toThrow('chancy.recovery: maxDeaths');
    expect(() => new Recovery({ interrupted: { rule: 'x' as never } })).toThrow('interrupted.rule: is not a Rule');
    expect(() => new Recovery({ interrupted: { kinds: [] } as never })).toThrow('chancy.recovery');
  });
});
