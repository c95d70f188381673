import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ImmediateLeadership } from '../../../../src/queue/plugins/leadership/immediate-leadership.js';
import { leaderElection } from '../../../../src/queue/plugins/leadership/leader-election.js';
import { Leadership } from '../../../../src/queue/plugins/leadership/leadership.js';
import { fakeWorker } from '../../../contracts/plugin-conformance.js';
import { type Bench, bench } from '../../worker/support/bench.js';
import { PythonLeader } from '../support/python-leader.js';
import { running } from '../support/running.js';

const holder = async (b: Bench): Promise<unknown> =>
  (await b.sql<{ worker_id: string }>('SELECT worker_id FROM chancy_leader WHERE id = 1'))[0]?.worker_id;

const heardBy = async (b: Bench): Promise<{ until: (text: string) => Promise<void> }> => {
  const client = await b.connect();
  const payloads: string[] = [];
  let look = (): void => undefined;
  client.on('notification', ({ payload = '' }) => {
    payloads.push(payload);
    look();
  });
  await client.query('LISTEN chancy_events');
  return {
    until: (text) =>
      new Promise((resolve) => {
        look = () => {
          if (payloads.some((payload) => payload.includes(text))) resolve();
        };
        look();
      }),
  };
};

describe('leadership', () => {
  it('is there at once, is renewed, and is given back at a clean stop, with notifications of each', async () => {
    const leadership = new Leadership({ pollIntervalMs: 30 });
    const b = await bench({ plugins: [leadership] });
    const heard = await heardBy(b);
    const { worker, stop } = running(b, leadership);
    await b.record.until('leadership.gained', ({ workerId }) => workerId === 'me');
    expect(leadership.isLeader(worker)).toBe(true);
    expect(await b.sql(`SELECT id, worker_id, expires_at - first_seen > '119 s' AS long FROM chancy_leader`)).toEqual([
      { id: '1', worker_id: 'me', long: true },
    ]);
    await heard.until('{"t":"leadership.gained","worker_id":"me"}');
    await heard.until('{"t":"leadership.renewed","worker_id":"me"}');
    await stop();
    await heard.until('{"t":"leadership.lost","worker_id":"me"}');
    expect(leadership.isLeader(worker)).toBe(false);
    expect(await holder(b)).toBeUndefined();
    expect(b.record.of('leadership.gained')).toHaveLength(1);
    expect(b.record.of('leadership.lost')).toHaveLength(1);
  });

  it('goes to another worker at once when the leader stops', async () => {
    const b = await bench({ plugins: [new Leadership()] });
    const first = await b.started({ workerId: 'first' });
    await b.record.until('leadership.gained', ({ workerId }) => workerId === 'first');
    await b.started({ workerId: 'second' });
    await first.stop();
    await b.record.until('leadership.gained', ({ workerId }) => workerId === 'second');
    expect(await holder(b)).toBe('second');
  });

  it('goes to another worker when the lease of a dead one ends', async () => {
    const leadership = new Leadership();
    const b = await bench({ plugins: [leadership] });
    await b.sql(`INSERT INTO chancy_leader (id, worker_id, expires_at) VALUES (1, 'dead', now() + interval '200 ms')`);
    running(b, leadership);
    await b.record.until('leadership.gained');
    expect(await holder(b)).toBe('me');
  });

  it('is lost to whoever has the row, and comes back', async () => {
    const leadership = new Leadership({ pollIntervalMs: 20 });
    const b = await bench({ plugins: [leadership] });
    const { worker } = running(b, leadership);
    await b.record.until('leadership.gained');
    await b.sql(`UPDATE chancy_leader SET worker_id = 'thief', expires_at = now() + interval '1 h'`);
    await b.record.until('leadership.lost');
    expect(leadership.isLeader(worker)).toBe(false);
    expect(await leadership.asLeader(worker, b.chancy, () => Promise.resolve(1))).toBeUndefined();
    await b.sql('DELETE FROM chancy_leader');
    await b.record.count('leadership.gained', 2);
  });

  it('passes over rows that nobody uses, expired or of our own name', async () => {
    const leadership = new Leadership();
    const b = await bench({ plugins: [leadership] });
    await b.sql(`INSERT INTO chancy_leader (id, worker_id, expires_at)
      VALUES (2, 'me', now() + interval '1 h'), (3, 'old', now() - interval '1 h'), (4, 'odd', now() + interval '1 h')`);
    running(b, leadership);
    await b.record.until('leadership.gained');
    expect(await b.sql('SELECT id FROM chancy_leader ORDER BY id')).toEqual([{ id: '1' }, { id: '4' }]);
  });

  it('W8: a stalled former leader neither prolongs the lease of its successor nor does its duties', async () => {
    const leadership = new Leadership({ pollIntervalMs: 60_000 });
    const b = await bench({ plugins: [leadership] });
    const { worker, stop } = running(b, leadership);
    await b.record.until('leadership.gained');
    // It stood still meanwhile: its lease ended, and another worker took it.
    await b.sql(`UPDATE chancy_leader SET worker_id = 'successor', expires_at = now() + interval '1 h'`);
    const [before] = await b.sql('SELECT expires_at::text FROM chancy_leader');
    expect(leadership.isLeader(worker)).toBe(true);
    expect(
      await leadership.asLeader(worker, b.chancy, () => Promise.reject(new Error('did the duty'))),
    ).toBeUndefined();
    worker.hub.emit('worker.database_back');
    await b.record.until('leadership.lost');
    expect(await b.sql('SELECT expires_at::text FROM chancy_leader')).toEqual([before]);
    await stop();
    expect(await holder(b)).toBe('successor');
  });

  it('W18: a clock that is a day ahead takes no lease too early and keeps none too long', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    const leadership = new Leadership({ pollIntervalMs: 20 });
    const b = await bench({ plugins: [leadership] });
    await b.sql(`INSERT INTO chancy_leader (id, worker_id, expires_at) VALUES (1, 'other', now() + interval '1 h')`);
    const { worker } = running(b, leadership);
    const looks = new PythonLeader(b, 'none', -86_400_000);
    for (let turn = 0; turn < 5; turn += 1) await looks.turn();
    expect(await holder(b)).toBe('other');
    await b.sql(`UPDATE chancy_leader SET expires_at = now() - interval '1 ms'`);
    worker.hub.emit('leadership.lost');
    await b.record.until('leadership.gained');
    const [lease] = await b.sql<{ s: number }>(
      'SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 AS s FROM chancy_leader',
    );
    expect(lease?.s).toBeGreaterThan(110);
    expect(lease?.s).toBeLessThanOrEqual(120);
  });

  it('shows nobody two leaders in a cluster with Python', async () => {
    const leadership = new Leadership({ pollIntervalMs: 20 });
    const b = await bench({ plugins: [leadership] });
    const python = new PythonLeader(b, 'python');
    expect(await python.turn()).toBe(true);
    const { worker, stop } = running(b, leadership);
    for (let turn = 0; turn < 5; turn += 1) expect(await python.turn()).toBe(true);
    expect(leadership.isLeader(worker)).toBe(false);
    // It ends without giving the lease back, as Python does.
    await b.sql(`UPDATE chancy_leader SET expires_at = now() - interval '1 s'`);
    worker.hub.emit('leadership.lost');
    await b.record.until('leadership.gained');
    python.isLeader = false;
    for (let turn = 0; turn < 5; turn += 1) expect(await python.turn()).toBe(false);
    expect(await holder(b)).toBe('me');
    await stop();
    expect(await python.turn()).toBe(true);
  });

  it('elects exactly one of many that ask at the same moment', async () => {
    const b = await bench({ plugins: [new Leadership()], poolSize: 10 });
    const elections = Array.from({ length: 6 }, () => new Leadership());
    const workers = elections.map((election, index) => running(b, election, `w${index}`).worker);
    await b.record.until('leadership.gained');
    const leaders = elections.filter((election, index) => election.isLeader(workers[index]!));
    expect(leaders).toHaveLength(1);
    expect(b.record.of('leadership.gained').map(({ workerId }) => workerId)).toEqual([await holder(b)]);
  });

  it('tells the hub of its own worker where nobody notifies', async () => {
    const leadership = new Leadership({ pollIntervalMs: 20 });
    const b = await bench({ plugins: [leadership], notifications: false });
    const { worker, stop } = running(b, leadership);
    expect(await worker.hub.waitFor('leadership.renewed')).toEqual({ worker_id: 'me' });
    const lost = worker.hub.waitFor('leadership.lost');
    await stop();
    expect(await lost).toEqual({ worker_id: 'me' });
  });

  it('lets nobody else lead while a duty is done', async () => {
    const leadership = new Leadership();
    const b = await bench({ plugins: [leadership] });
    const { worker } = running(b, leadership);
    await b.record.until('leadership.gained');
    const other = await b.connect();
    const taking = await leadership.asLeader(worker, b.chancy, async (client) => {
      const { rows } = await client.query('SHOW idle_in_transaction_session_timeout');
      expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }]);
      await other.query(`SET lock_timeout = '100 ms'`);
      return other.query('DELETE FROM chancy_leader').catch((error: unknown) => String(error));
    });
    expect(taking).toContain('lock timeout');
  });

  it('is believed no longer than the lease lasts', async () => {
    const leadership = new Leadership({ pollIntervalMs: 199, leaseMs: 200 });
    const b = await bench({ plugins: [leadership] });
    const { worker } = running(b, leadership);
    await b.record.until('leadership.gained');
    const blocker = await b.connect();
    await blocker.query('BEGIN; LOCK TABLE chancy_leader');
    // Its renewal waits; time goes on.
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (leadership.isLeader(worker)) return;
        clearInterval(look);
        resolve();
      }, 10);
    });
    expect(await leadership.asLeader(worker, b.chancy, () => Promise.resolve(1))).toBeUndefined();
    await blocker.query('ROLLBACK');
  });

  it('refuses a renewal that would come too late, and names the option', () => {
    expect(() => new Leadership({ pollIntervalMs: 1000, leaseMs: 1000 })).toThrow(
      'chancy.leadership: pollIntervalMs: must be shorter than leaseMs',
    );
    expect(() => new Leadership({ leaseMs: 0 })).toThrow('chancy.leadership: leaseMs');
  });
});

describe('the election of an app', () => {
  it('is found by those who need it, and must be one', async () => {
    const election = new ImmediateLeadership();
    const b = await bench({ plugins: [election] });
    expect(leaderElection(b.chancy)).toBe(election);
    const worker = fakeWorker(b);
    expect(election.isLeader()).toBe(true);
    expect(await election.asLeader(worker, b.chancy, () => Promise.resolve(7))).toBe(7);
    const without = await bench();
    expect(() => leaderElection(without.chancy)).toThrow('chancy.leadership is not a LeaderElection');
  });
});

describe('a claim whose end is unknown', () => {
  it('is not believed, and made again', async () => {
    const leadership = new Leadership({ pollIntervalMs: 50 });
    const b = await bench({ plugins: [leadership] });
    const transaction = b.chancy.database.transaction.bind(b.chancy.database);
    const beliefs: boolean[] = [];
    const { worker } = ((): { worker: ReturnType<typeof fakeWorker> } => {
      b.chancy.database.transaction = async (run) => {
        const isCut = beliefs.length < 2;
        beliefs.push(leadership.isLeader(fakeWorker(b, 'me')));
        return transaction(async (client) => {
          const result = await run(client);
          if (isCut) throw Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });
          return result;
        });
      };
      return running(b, leadership);
    })();
    await b.record.until('leadership.gained');
    expect(beliefs.slice(0, 3)).toEqual([false, false, false]);
    expect(leadership.isLeader(worker)).toBe(true);
    expect(b.record.of('worker.error')).toEqual([]);
  });

  it('of a renewal leaves the lease as it was', async () => {
    const leadership = new Leadership({ pollIntervalMs: 20 });
    const b = await bench({ plugins: [leadership] });
    const { worker } = running(b, leadership);
    await b.record.until('leadership.gained');
    const transaction = b.chancy.database.transaction.bind(b.chancy.database);
    await new Promise<void>((resolve) => {
      b.chancy.database.transaction = async (run) => {
        b.chancy.database.transaction = transaction;
        await transaction(run).catch(() => undefined);
        setImmediate(resolve);
        throw new Error('a bad day');
      };
    });
    await b.record.until('worker.error', ({ doing, error }) => doing === 'electing a leader' && error === 'a bad day');
    expect(leadership.isLeader(worker)).toBe(true);
    expect(b.record.of('leadership.lost')).toEqual([]);
  });
});
