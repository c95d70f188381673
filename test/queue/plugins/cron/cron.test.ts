import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { Cron } from '../../../../src/queue/plugins/cron/cron.js';
import { type Bench, acts, bench } from '../../worker/support/bench.js';
import { running } from '../support/running.js';

const withCron = async (options: { notifications?: boolean } = {}): Promise<{ b: Bench; cron: Cron }> => {
  const cron = new Cron();
  return { b: await bench({ plugins: [cron], ...options }), cron };
};

const job = (uniqueKey: string | null, options: Partial<Job> = {}): Job =>
  new Job({ func: 'tidy', queue: 'q', uniqueKey, ...options });

/** An entry as Python leaves it: all nine keys, and the time of its making. */
const packed = {
  f: 'tidy',
  k: {},
  p: 3,
  a: 2,
  s: 1_700_000_000.25,
  l: [{ t: 'time', v: 60 }],
  u: 'k',
  q: 'q',
  m: { x: 1 },
};

const pythonEntry = (b: Bench, key: string, entry: unknown, cron = '*/5 * * * *', next = "now() - interval '1 h'") =>
  b.sql(`INSERT INTO chancy_cron (unique_key, job, cron, next_run) VALUES ($1, $2::jsonb, $3, ${next})`, [
    key,
    JSON.stringify(entry),
    cron,
  ]);

const makeDue = (b: Bench): Promise<unknown> => b.sql(`UPDATE chancy_cron SET next_run = now() - interval '3 h'`);

const table = (b: Bench): Promise<unknown> =>
  b.sql(`SELECT unique_key, last_run IS NOT NULL AS ran,
    next_run > now() AND next_run <= now() + interval '5 min' AS ahead FROM chancy_cron ORDER BY unique_key`);

describe('a schedule', () => {
  it('is written as Python reads it: all nine keys, the next time in UTC', async () => {
    const { b } = await withCron();
    const kwargs = { deep: [1] };
    await Cron.schedule(
      b.chancy,
      '0 12 * * MON',
      job('weekly', { kwargs, priority: 2, maxAttempts: 3, meta: { m: 1 } }),
    );
    const [row] = await b.sql<{ job: Record<string, unknown>; next: Date }>(
      'SELECT job, next_run AS next, cron, last_run FROM chancy_cron',
    );
    expect(row).toMatchObject({
      job: { f: 'tidy', k: kwargs, p: 2, a: 3, s: expect.any(Number), l: [], u: 'weekly', q: 'q', m: { m: 1 } },
      cron: '0 12 * * MON',
      last_run: null,
    });
    expect(Object.keys(row!.job).toSorted()).toEqual(['a', 'f', 'k', 'l', 'm', 'p', 'q', 's', 'u']);
    expect([row!.next.getUTCDay(), row!.next.getUTCHours(), row!.next.getUTCMinutes()]).toEqual([1, 12, 0]);
  });

  it('can be listed, replaced and taken away', async () => {
    const { b } = await withCron();
    await Cron.schedule(b.chancy, '@daily', job('b'), job('a', { kwargs: { v: 1 } }));
    await Cron.schedule(b.chancy, ' @hourly ', job('a', { kwargs: { v: 2 } }));
    await b.sql(`UPDATE chancy_cron SET last_run = '2026-01-01Z' WHERE unique_key = 'a'`);
    await pythonEntry(b, 'odd', { f: 1 });
    const listed = await Cron.list(b.chancy);
    expect(listed.map(({ uniqueKey, cron }) => [uniqueKey, cron])).toEqual([
      ['a', '@hourly'],
      ['b', '@daily'],
      ['odd', '*/5 * * * *'],
    ]);
    expect(listed[0]).toMatchObject({ lastRun: new Date('2026-01-01T00:00:00Z'), job: { kwargs: { v: 2 } } });
    expect(listed[0]!.nextRun.getTime()).toBeGreaterThan(Date.now());
    expect(listed[2]!.job).toBeUndefined();
    expect(await Cron.list(b.chancy, 'b', 'x')).toMatchObject([{ uniqueKey: 'b', lastRun: null }]);
    expect(await Cron.unschedule(b.chancy, 'a', 'b', 'x')).toBe(2);
    expect(await Cron.list(b.chancy, 'a', 'b')).toEqual([]);
  });

  it('[!] is refused if it would bring a Python worker down', async () => {
    const { b } = await withCron();
    const cases: [string, readonly Job[], string][] = [
      ['nonsense', [job('a')], 'CRON_INVALID: The cron entry cannot be stored: nonsense: '],
      ['0 0 30 2 *', [job('a')], '0 0 30 2 *: is never'],
      ['@daily', [job('a'), job(null)], 'tidy: has no uniqueKey'],
      ['@daily', [job('a'), job('a')], 'a: two jobs have this uniqueKey'],
      ['@daily', [{ func: '', uniqueKey: 'a' } as Job], 'JOB_INVALID'],
    ];
    for (const [cron, jobs, words] of cases) {
      await expect(Cron.schedule(b.chancy, cron, ...jobs)).rejects.toThrow(words);
    }
    expect(await Cron.list(b.chancy)).toEqual([]);
  });

  it('keeps a run that is due when a program schedules it again at each start', async () => {
    const { b } = await withCron();
    await Cron.schedule(b.chancy, '*/5 * * * *', job('a'));
    await makeDue(b);
    await Cron.schedule(b.chancy, '*/5 * * * *', job('a'));
    expect(await b.sql('SELECT next_run < now() AS due FROM chancy_cron')).toEqual([{ due: true }]);
    await Cron.schedule(b.chancy, '*/6 * * * *', job('a'));
    expect(await b.sql('SELECT next_run < now() AS due FROM chancy_cron')).toEqual([{ due: false }]);
  });
});

describe('cron', () => {
  it('pushes what is due, once for all times that were missed, and a worker runs it', async () => {
    const { b } = await withCron();
    const runs: unknown[] = [];
    acts.set('tidy', async ({ kwargs }) => void runs.push(kwargs));
    await Cron.schedule(b.chancy, '*/5 * * * *', job('a', { kwargs: { v: 1 } }), job('b', { kwargs: { v: 2 } }));
    await makeDue(b);
    await b.started();
    const { keys } = await b.record.until('cron.pushed');
    expect(keys).toEqual(['a', 'b']);
    await b.record.count('job.finished', 2);
    expect(runs).toEqual(expect.arrayContaining([{ v: 1 }, { v: 2 }]));
    expect(await b.sql('SELECT count(*)::int FROM chancy_jobs')).toEqual([{ count: 2 }]);
    expect(await table(b)).toEqual(['a', 'b'].map((unique_key) => ({ unique_key, ran: true, ahead: true })));
    for (const { waitedMs } of b.record.of('job.claimed')) expect(waitedMs).toBeLessThan(60_000);
  });

  it('hears of a new schedule, and comes at its second', async () => {
    const { b } = await withCron();
    acts.set('tidy', async () => undefined);
    await b.started();
    await Cron.schedule(b.chancy, '* * * * * *', job('each.second'));
    await b.record.until('cron.pushed');
    await b.record.until('job.finished');
  });

  it("runs Python's entries, without a second run while one is unfinished", async () => {
    const { b, cron } = await withCron();
    await pythonEntry(b, 'k', packed);
    await pythonEntry(b, 'bare', { ...packed, k: null, m: null, l: null, u: null }, '@daily');
    running(b, cron);
    await b.record.until('cron.pushed');
    const rows = `SELECT func, kwargs, priority, max_attempts, limits, unique_key, queue, meta,
      scheduled_at > now() - interval '1 min' AS now FROM chancy_jobs ORDER BY unique_key NULLS FIRST`;
    const common = { func: 'tidy', kwargs: {}, priority: 3, max_attempts: 2, queue: 'q', now: true };
    const expected = [
      { ...common, limits: [], unique_key: null, meta: {} },
      { ...common, limits: [{ t: 'time', v: 60 }], unique_key: 'k', meta: { x: 1 } },
    ];
    expect(await b.sql(rows)).toEqual(expected);
    await b.sql(`DELETE FROM chancy_cron WHERE unique_key = 'bare'`);
    await makeDue(b);
    running(b, cron, 'another');
    await b.record.count('cron.pushed', 2);
    expect(await b.sql(rows)).toEqual(expected);
  });

  it('keeps a due time of the future that an entry has', async () => {
    const { b, cron } = await withCron();
    await pythonEntry(b, 'k', { ...packed, s: Date.parse('2999-01-01T00:00:00Z') / 1000 });
    running(b, cron);
    await b.record.until('cron.pushed');
    expect(await b.sql(`SELECT scheduled_at AS at FROM chancy_jobs`)).toEqual([
      { at: new Date('2999-01-01T00:00:00Z') },
    ]);
  });

  it('[!] writes a time that Python can read for an entry that never comes again', async () => {
    const { b, cron } = await withCron();
    await pythonEntry(b, 'k', packed, '0 0 1 1 * 0 2020');
    running(b, cron);
    await b.record.until('cron.pushed');
    expect(await b.sql('SELECT next_run AS at FROM chancy_cron')).toEqual([{ at: new Date('9999-12-30T00:00:00Z') }]);
  });

  it('passes over malformed entries, says so once, and runs the others', async () => {
    const { b, cron } = await withCron();
    const { s: _s, ...withoutTime } = packed;
    await pythonEntry(b, 'a.job', withoutTime);
    await pythonEntry(b, 'b.cron', packed, 'when it rains');
    await pythonEntry(b, 'c.limit', { ...packed, l: [{ t: 'lines', v: 1 }] });
    await pythonEntry(b, 'd.null', null);
    await pythonEntry(b, 'good', packed);
    const { worker } = running(b, cron);
    expect(await b.record.until('cron.pushed')).toEqual({ workerId: 'me', keys: ['good'] });
    await b.record.count('worker.malformed', 4);
    await makeDue(b);
    worker.hub.emit('cron.scheduled');
    await b.record.count('cron.pushed', 2);
    expect(b.record.of('worker.malformed').map(({ what, id, reason }) => `${what} ${id} ${reason}`)).toEqual([
      expect.stringMatching(/^cron a\.job job: s: /),
      expect.stringMatching(/^cron b\.cron cron: "when it rains": /),
      expect.stringMatching(/^cron c\.limit job: l\.0\.t: /),
      expect.stringMatching(/^cron d\.null job: /),
    ]);
  });

  it('is not held up by a job that the database refuses', async () => {
    const { b, cron } = await withCron();
    await b.sql(`ALTER TABLE chancy_jobs ADD CONSTRAINT no_bad CHECK (func <> 'bad')`);
    await pythonEntry(b, 'bad', { ...packed, f: 'bad', u: null });
    for (const key of ['a', 'b', 'c']) await pythonEntry(b, key, { ...packed, u: key });
    running(b, cron);
    const { keys } = await b.record.until('cron.pushed');
    expect(keys).toEqual(['a', 'b', 'c']);
    const { id, reason } = await b.record.until('worker.malformed');
    expect([id, reason]).toEqual(['bad', expect.stringContaining('no_bad')]);
    expect(await b.sql('SELECT count(*)::int FROM chancy_jobs')).toEqual([{ count: 3 }]);
  });

  it('runs an entry once, on whichever of many workers', async () => {
    const { b, cron } = await withCron();
    await b.sql(`INSERT INTO chancy_cron (unique_key, job, cron, next_run)
      SELECT 'k' || n, jsonb_build_object('f', 'tidy', 'k', '{}'::jsonb, 'p', 0, 'a', 1, 's', 0, 'l', '[]'::jsonb, 'u', NULL,
        'q', 'q', 'm', '{}'::jsonb), '@daily', now() FROM generate_series(1, 250) AS n`);
    for (const id of ['w1', 'w2', 'w3']) running(b, cron, id);
    await expect
      .poll(() => b.sql('SELECT count(*)::int FROM chancy_cron WHERE next_run <= now()'))
      .toEqual([{ count: 0 }]);
    expect(await b.sql('SELECT count(*)::int FROM chancy_jobs')).toEqual([{ count: 250 }]);
    await expect.poll(() => b.record.of('cron.pushed').flatMap(({ keys }) => keys).length).toBe(250);
  });

  it('W18: times are those of the database, whatever the clocks of workers say', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    const { b, cron } = await withCron();
    await Cron.schedule(b.chancy, '*/5 * * * *', job('a'));
    await pythonEntry(b, 'later', packed, '@daily', "now() + interval '1 h'");
    expect(
      await b.sql(`SELECT next_run <= now() + interval '5 min' AS soon FROM chancy_cron WHERE unique_key = 'a'`),
    ).toEqual([{ soon: true }]);
    await b.sql(`UPDATE chancy_cron SET next_run = now() WHERE unique_key = 'a'`);
    running(b, cron);
    expect((await b.record.until('cron.pushed')).keys).toEqual(['a']);
    expect(
      await b.sql(`SELECT next_run <= now() + interval '5 min' AS soon FROM chancy_cron WHERE unique_key = 'a'`),
    ).toEqual([{ soon: true }]);
    expect(await b.sql(`SELECT func FROM chancy_jobs`)).toHaveLength(1);
  });

  it('polls where nobody notifies', async () => {
    const cron = new Cron({ pollIntervalMs: 20 });
    const b = await bench({ plugins: [cron], notifications: false });
    running(b, cron);
    await Cron.schedule(b.chancy, '@daily', job('a'));
    await makeDue(b);
    expect((await b.record.until('cron.pushed')).keys).toEqual(['a']);
  });
});
