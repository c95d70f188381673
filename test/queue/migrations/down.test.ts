import { describe, expect, it } from 'vitest';
import { Plugin } from '../../../src/queue/plugin.js';
import type { MigrationSet } from '../../../src/queue/plugin.js';
import { withApp } from '../support/app.js';
import { catalogue, versions } from '../support/catalogue.js';
import { pythonV3 } from '../support/python-schema.js';

class NotesPlugin extends Plugin {
  readonly identifier = 'acme.notes';
  override readonly migrations: MigrationSet = {
    key: 'notes',
    steps: [
      {
        up: async (client, tables) => {
          await client.query(`CREATE TABLE ${tables.table('notes')} (job uuid REFERENCES ${tables.jobs})`);
        },
        down: async (client, tables) => {
          await client.query(`DROP TABLE ${tables.table('notes')}`);
        },
      },
    ],
  };
}

describe('migrating down', () => {
  const fixture = withApp();
  const python = withApp({ migrate: false });

  it('to 3 gives what Python had at 3, and up again what it has at 6', async () => {
    const newest = await catalogue(fixture);
    await python.rows(pythonV3());
    expect(await fixture.app.migrate({ toVersion: 3 })).toBe(true);
    expect(await catalogue(fixture)).toEqual(await catalogue(python));
    expect(await fixture.app.isUpToDate()).toBe(false);
    await fixture.app.migrate();
    expect((await catalogue(fixture)).map(withoutPosition)).toEqual(newest.map(withoutPosition));
  });

  it('through each version and back keeps the version row in step', async () => {
    for (const toVersion of [5, 4, 3, 2, 1, 2, 3, 4, 5, 6]) {
      expect(await fixture.app.migrate({ toVersion })).toBe(true);
      expect(await versions(fixture)).toMatchObject({ chancy: toVersion });
    }
  });

  it('to 0 takes every table of ours and leaves version rows with 0, as Python does', async () => {
    await fixture.app.migrate({ toVersion: 0 });
    const tables = (await catalogue(fixture)).filter((line) => line.startsWith('table'));
    expect(tables).toEqual(['table chancy_schema_version p']);
    expect(await versions(fixture)).toEqual({ chancy: 0, spoolgate: 0 });
    await fixture.app.migrate();
    expect(await versions(fixture)).toEqual({ chancy: 6, spoolgate: 1 });
  });

  it('refuses versions that do not exist and sets that nobody has', async () => {
    await expect(fixture.app.migrate({ toVersion: 7 })).rejects.toThrow('chancy has the versions 0 to 6, not 7');
    await expect(fixture.app.migrate({ toVersion: -1 })).rejects.toThrow('MIGRATION_IMPOSSIBLE');
    await expect(fixture.app.migrate({ plugin: 'nobody' })).rejects.toThrow('nothing called nobody has migrations');
  });
});

describe("a plugin's tables", () => {
  const fixture = withApp();

  it('are part of migrate, and can be migrated alone by identifier or key', async () => {
    const app = fixture.another({ plugins: [new NotesPlugin()] });
    expect(await app.isUpToDate()).toBe(false);
    await app.migrate();
    expect(await app.isUpToDate()).toBe(true);
    await app.migrate({ plugin: 'acme.notes', toVersion: 0 });
    expect(await versions(fixture)).toEqual({ chancy: 6, spoolgate: 1, notes: 0 });
    await app.migrate({ plugin: 'notes' });
    expect(await versions(fixture)).toMatchObject({ notes: 1 });
  });

  it('go before the core that they refer to', async () => {
    const app = fixture.another({ plugins: [new NotesPlugin()] });
    await app.migrate({ toVersion: 0 });
    expect(await versions(fixture)).toEqual({ chancy: 0, spoolgate: 0, notes: 0 });
  });
});

describe('our own indexes', () => {
  const fixture = withApp();
  const plan = async (select: string): Promise<string> => {
    const rows = await fixture.rows<{ 'QUERY PLAN': string }>(`EXPLAIN ${select}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  const indexes = async (): Promise<string[]> => {
    const rows = await fixture.rows<{ indexname: string }>(
      "SELECT indexname FROM pg_indexes WHERE indexname LIKE '%spoolgate%' ORDER BY 1",
    );
    return rows.map(({ indexname }) => indexname);
  };

  it('serve the order in which jobs are claimed, and the jobs of a worker', async () => {
    await fixture.rows(`INSERT INTO chancy_jobs (id, queue, func, priority, state, taken_by)
      SELECT gen_random_uuid(), 'q' || n % 3, 'a.b', n % 5, CASE n % 50 WHEN 0 THEN 'running' ELSE 'pending' END, 'w' || n % 7
      FROM generate_series(1, 20000) AS n`);
    await fixture.rows('ANALYZE chancy_jobs');
    const claimed = await plan(`SELECT id FROM chancy_jobs WHERE queue = 'q1' AND state IN ('pending', 'retrying')
      AND attempts < max_attempts AND scheduled_at <= now() ORDER BY priority DESC, id LIMIT 10 FOR UPDATE SKIP LOCKED`);
    expect(claimed).toContain('Index Scan using chancy_spoolgate_jobs_fetch');
    expect(claimed).not.toContain('Sort');
    expect(await plan("SELECT id FROM chancy_jobs WHERE state = 'running' AND taken_by = 'w1'")).toContain(
      'chancy_spoolgate_jobs_running',
    );
  });

  it('come back when the jobs table was dropped and made again by somebody else', async () => {
    await fixture.app.migrate({ plugin: 'chancy', toVersion: 0 });
    await fixture.app.migrate({ plugin: 'chancy' });
    expect(await indexes()).toEqual([]);
    expect(await fixture.app.isUpToDate()).toBe(true);
    expect(await fixture.app.migrate()).toBe(true);
    expect(await indexes()).toEqual(['chancy_spoolgate_jobs_fetch', 'chancy_spoolgate_jobs_running']);
  });
});

/** A column that went and came again stands last. */
const withoutPosition = (line: string): string => line.replace(/ #\d+/, '');
