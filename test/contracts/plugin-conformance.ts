import { describe, expect, it } from 'vitest';
import { Chancy } from '../../src/queue/chancy.js';
import { Job } from '../../src/queue/job.js';
import type { Plugin, PluginWorker } from '../../src/queue/plugin.js';
import type { QueuedJob } from '../../src/queue/queued-job.js';
import { catalogue, versions } from '../queue/support/catalogue.js';
import { type Bench, acts, bench } from '../queue/worker/support/bench.js';

/** An implementation of Plugin, and what is to be found in the database because of it. */
export interface PluginUnderTest {
  readonly plugin: Plugin;
  /** Those that it depends on. */
  readonly needs?: readonly Plugin[];
  /** Its identifier; Chancy's, where Chancy has such a plugin. */
  readonly identifier: string;
  /** Its row of the version table. */
  readonly version?: { readonly key: string; readonly version: number };
  /** Its tables of the prefix `chancy_`, as Python's Chancy makes them: plain SQL from the wire contract. Nothing by default. */
  readonly pythonTables?: string;
}

interface Setting extends PluginUnderTest {
  readonly b: Bench;
  readonly rows: Pick<Parameters<typeof catalogue>[0], 'rows'>;
}

const rowsOf = (b: Bench): Setting['rows'] => ({
  rows: <Row extends object>(text: string, values: unknown[] = []) => b.sql<Row>(text, values),
});

/** The conformance suite of the Plugin contract. Run it over every implementation. */
export const describePlugin = (name: string, make: () => PluginUnderTest): void => {
  const setting = async (options: { notifications?: boolean } = {}): Promise<Setting> => {
    const made = make();
    const b = await bench({ plugins: [made.plugin, ...(made.needs ?? [])], ...options });
    return { ...made, b, rows: rowsOf(b) };
  };

  describe(`${name} as a Plugin`, () => {
    it('has the identifier by which others know it', () => {
      const { plugin, identifier } = make();
      expect(plugin.identifier).toBe(identifier);
      expect(identifier).toMatch(/^[a-z]+(?:\.[a-z_]+)+$/);
    });

    it('is refused without those that it depends on, and twice', () => {
      const { plugin, needs = [] } = make();
      const app = (plugins: Plugin[]): Chancy => new Chancy({ dsn: 'postgres://nowhere', plugins });
      expect(plugin.dependencies()).toEqual(needs.map((need) => need.identifier));
      for (const missing of needs) {
        expect(() => app([plugin, ...needs.filter((need) => need !== missing)])).toThrow(missing.identifier);
      }
      expect(() => app([...needs, plugin, make().plugin])).toThrow('is there twice');
      expect(app([plugin, ...needs]).plugins.at(-1)).toBe(plugin);
    });

    it('makes its tables as Python does, records the version, and takes them away again', async () => {
      const { b, rows, plugin, version, pythonTables = '' } = await setting();
      const bare = await bench();
      await bare.sql(pythonTables);
      expect(await catalogue(rows)).toEqual(await catalogue(rowsOf(bare)));
      const core = await versions(rowsOf(bare));
      const own = version === undefined ? {} : { [version.key]: version.version };
      expect(await versions(rows)).toMatchObject({ ...core, ...own });
      expect(await b.chancy.isUpToDate()).toBe(true);
      expect(await b.chancy.migrate()).toBe(false);
      if (plugin.migrations === undefined) return;
      for (let step = plugin.migrations.steps.length - 1; step >= 0; step -= 1) {
        await b.chancy.migrate({ plugin: plugin.identifier, toVersion: step });
      }
      const empty = await bench();
      expect(await catalogue(rows)).toEqual(await catalogue(rowsOf(empty)));
      await b.chancy.migrate();
      expect(await catalogue(rows)).toEqual(await catalogue(rowsOf(bare)));
    });

    it('leaves alone what Python has made', async () => {
      const { version, pythonTables } = make();
      if (pythonTables === undefined || version === undefined) return;
      const bare = await bench();
      await bare.sql(pythonTables);
      await bare.sql('INSERT INTO chancy_schema_version VALUES ($1, $2)', [version.key, version.version]);
      const before = await catalogue(rowsOf(bare));
      const made = make();
      const app = await bench({ url: bare.url, plugins: [made.plugin, ...(made.needs ?? [])] });
      expect(await app.chancy.isUpToDate()).toBe(true);
      expect(await catalogue(rowsOf(app))).toEqual(before);
    });

    it('names its tables, each of which is there, for the metrics', async () => {
      const { b, plugin, pythonTables = '' } = await setting();
      const named = plugin.tables(b.chancy.tables);
      for (const table of named) {
        expect(await b.sql('SELECT to_regclass($1) IS NOT NULL AS there', [table])).toEqual([{ there: true }]);
      }
      const made = [...pythonTables.matchAll(/CREATE (?:UNLOGGED )?TABLE "?(\w+)/g)].map(([, table]) => `"${table}"`);
      expect(named).toEqual(expect.arrayContaining(made));
    });

    it('runs until it is told to end, and ends at once when that was before', async () => {
      const { b, plugin } = await setting();
      const worker = fakeWorker(b);
      const ended = new AbortController();
      const run = plugin.run(worker, b.chancy, ended.signal);
      ended.abort();
      await run;
      await plugin.run(worker, b.chancy, ended.signal);
      expect(b.record.of('worker.error')).toEqual([]);
    });

    it.each([true, false])('disturbs no job, with notifications: %s', async (notifications) => {
      const { b } = await setting({ notifications });
      acts.set('good', async () => undefined);
      acts.set('bad', async () => {
        throw new Error('boom');
      });
      await b.chancy.pushMany([new Job({ func: 'good', queue: 'q' }), new Job({ func: 'bad', queue: 'q' })]);
      const worker = await b.started();
      await b.record.count('job.finished', 2);
      await worker.stop();
      expect(await b.sql('SELECT func, state, attempts FROM chancy_jobs ORDER BY id')).toEqual([
        { func: 'good', state: 'succeeded', attempts: 1 },
        { func: 'bad', state: 'failed', attempts: 1 },
      ]);
      expect(b.record.of('worker.error')).toEqual([]);
    });

    it('gives back the job that it was given in each hook', async () => {
      const { b, plugin } = await setting();
      const worker = fakeWorker(b);
      expect((await plugin.onJobStarting(worker, job)).id).toBe(job.id);
      const succeeded: QueuedJob = { ...job, state: 'succeeded', attempts: 1, completedAt: new Date() };
      const completed = await plugin.onJobCompleted(worker, succeeded, {});
      expect(completed).toMatchObject({ id: job.id, state: 'succeeded', attempts: 1, errors: [] });
      await plugin.onJobUpdated(worker, completed);
    });

    it('outlives the loss of its connections', async () => {
      const { b } = await setting();
      const worker = await b.started();
      const client = await b.connect();
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`);
      acts.set('good', async () => undefined);
      await b.record.until('worker.database_back');
      await b.chancy.push('q', new Job({ func: 'good' }));
      await b.record.until('job.finished');
      await worker.stop();
      expect(b.record.of('worker.error')).toEqual([]);
    });

    it('cleans up what is not there, as often as it is asked', async () => {
      const { b, plugin } = await setting();
      expect([await plugin.cleanup(b.chancy), await plugin.cleanup(b.chancy)]).toEqual([0, 0]);
    });
  });
};

/** A worker without the rest of one. */
export const fakeWorker = (b: Bench, workerId = 'fake'): PluginWorker => ({
  workerId,
  tags: ['*'],
  hub: b.worker().hub,
  events: b.record.bus,
});

const job: QueuedJob = {
  id: '03fc9681-0e6c-8d37-a0fe-d3feb638167d',
  queue: 'q',
  func: 'a.b',
  kwargs: {},
  limits: [],
  meta: {},
  state: 'running',
  priority: 0,
  attempts: 0,
  maxAttempts: 3,
  takenBy: 'fake',
  uniqueKey: null,
  createdAt: new Date(),
  startedAt: new Date(),
  completedAt: null,
  scheduledAt: new Date(),
  errors: [],
};
