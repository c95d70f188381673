import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { withApp } from '../support/app.js';
import { catalogue, versions } from '../support/catalogue.js';
import { pythonV6 } from '../support/python-schema.js';

describe('processes that migrate at the same time', () => {
  const fixture = withApp({ migrate: false });

  it('wait for one another, and one of them does the work', async () => {
    const apps = Array.from({ length: 8 }, () => fixture.another());
    const changed = await Promise.all(apps.map((app) => app.migrate()));
    // Core and indexes are two transactions, so two processes may share the work.
    expect(changed.filter(Boolean).length).toBeGreaterThanOrEqual(1);
    expect(changed.filter(Boolean).length).toBeLessThanOrEqual(2);
    expect(await versions(fixture)).toEqual({ chancy: 6, spoolgate: 1 });
  });

  it('with different prefixes in one schema all succeed', async () => {
    const apps = ['a_', 'b_', 'c_'].map((prefix) => fixture.another({ prefix }));
    await Promise.all(apps.map((app) => app.migrate()));
    for (const app of apps) expect(await app.isUpToDate()).toBe(true);
  });
});

describe('Python, which takes no lock, migrating at the same time', () => {
  const fixture = withApp({ migrate: false });

  it('may make everything while we wait for its catalogue entries', async () => {
    const python = new pg.Client({ connectionString: fixture.url });
    await python.connect();
    await python.query('BEGIN');
    await python.query(pythonV6());
    const migrated = fixture.app.migrate();
    await blockedBehind(fixture);
    await python.query('COMMIT');
    await python.end();
    await migrated;
    expect(await versions(fixture)).toMatchObject({ chancy: 6, trigger: 9, spoolgate: 1 });
  });
});

describe('two prefixes in one schema', () => {
  const fixture = withApp();

  it('[!] get along although the leader constraint has no prefix', async () => {
    const second = fixture.another({ prefix: 'second_' });
    await second.migrate();
    const names = (await catalogue(fixture)).filter((line) => line.includes('UNIQUE (worker_id)'));
    expect(names).toEqual([
      'constraint leader_worker_id_unique on chancy_leader UNIQUE (worker_id)',
      'constraint second_leader_worker_id_unique on second_leader UNIQUE (worker_id)',
    ]);
  });

  it('give the first name back when the first goes', async () => {
    await fixture.app.migrate({ toVersion: 0 });
    await fixture.app.migrate();
    expect((await catalogue(fixture)).filter((line) => line.includes('on chancy_leader UNIQUE'))).toEqual([
      'constraint leader_worker_id_unique on chancy_leader UNIQUE (worker_id)',
    ]);
  });

  it('keep their jobs apart, with hard characters in the prefix too', async () => {
    const odd = fixture.another({ prefix: 'Ödd "x"; --' });
    await odd.migrate();
    expect(await odd.isUpToDate()).toBe(true);
    expect(await odd.getAllQueues()).toEqual([]);
  });
});

/** Resolves once somebody waits for a lock. */
const blockedBehind = async (fixture: { rows: ReturnType<typeof withApp>['rows'] }): Promise<void> => {
  for (;;) {
    const waiting = await fixture.rows(
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    if (waiting.length > 0) return;
  }
};
