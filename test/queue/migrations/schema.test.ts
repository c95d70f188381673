import { describe, expect, it } from 'vitest';
import { withApp } from '../support/app.js';
import { catalogue, versions } from '../support/catalogue.js';
import { pythonV3, pythonV6 } from '../support/python-schema.js';

describe('migrations make the tables of Chancy 0.25', () => {
  const ours = withApp();
  const python = withApp({ migrate: false });

  it('with the same tables, columns, types, defaults, indexes, constraints and persistence', async () => {
    await python.rows(pythonV6());
    expect(await catalogue(ours)).toEqual(await catalogue(python));
    expect((await catalogue(ours)).filter((line) => line.startsWith('table'))).toEqual([
      'table chancy_jobs p',
      'table chancy_leader u',
      'table chancy_queue_rate_limits u',
      'table chancy_queues p',
      'table chancy_schema_version p',
      'table chancy_workers u',
    ]);
  });

  it('[!] with the version row that keeps Python from making them again', async () => {
    expect(await versions(ours)).toEqual({ chancy: 6, spoolgate: 1 });
  });

  it('and is up to date then', async () => {
    expect(await ours.app.isUpToDate()).toBe(true);
    expect(await ours.app.migrate()).toBe(false);
  });
});

describe('a database made by Python', () => {
  const fixture = withApp({ migrate: false });

  it('is accepted as it is, with version rows that nobody here knows', async () => {
    await fixture.rows(pythonV6());
    const before = await catalogue(fixture);
    expect(await fixture.app.isUpToDate()).toBe(true);
    expect(await fixture.app.migrate()).toBe(true);
    expect(await catalogue(fixture)).toEqual(before);
    expect(await versions(fixture)).toEqual({ chancy: 6, metrics: 1, workflow: 2, trigger: 9, spoolgate: 1 });
  });

  it('is accepted when it is newer than this program, and is not taken down', async () => {
    await fixture.rows("UPDATE chancy_schema_version SET version = 9 WHERE version_of = 'chancy'");
    expect(await fixture.app.isUpToDate()).toBe(true);
    expect(await fixture.app.migrate()).toBe(false);
    await expect(fixture.app.migrate({ toVersion: 5 })).rejects.toThrow('MIGRATION_IMPOSSIBLE');
    expect(await versions(fixture)).toMatchObject({ chancy: 9 });
  });
});

describe('an empty database', () => {
  const fixture = withApp({ migrate: false });

  it('is not up to date, and asking writes nothing', async () => {
    expect(await fixture.app.isUpToDate()).toBe(false);
    expect(await catalogue(fixture)).toEqual([]);
  });

  it('whose version row holds NULL is at version 0', async () => {
    await fixture.rows('CREATE TABLE chancy_schema_version (version_of varchar(255) PRIMARY KEY, version int)');
    await fixture.rows("INSERT INTO chancy_schema_version VALUES ('chancy', NULL)");
    expect(await fixture.app.isUpToDate()).toBe(false);
    expect(await fixture.app.migrate()).toBe(true);
    expect(await versions(fixture)).toEqual({ chancy: 6, spoolgate: 1 });
  });

  it('that cannot be asked says so', async () => {
    const app = fixture.another();
    await app.close();
    await expect(app.isUpToDate()).rejects.toThrow('after calling end');
  });
});

describe('a database that Python left at version 3', () => {
  const fixture = withApp({ migrate: false });
  const newest = withApp();

  it('is carried on to version 6 with its rows', async () => {
    await fixture.rows(pythonV3());
    await fixture.rows(`INSERT INTO chancy_jobs (id, queue, func, kwargs)
      VALUES ('03fc9681-0e6c-8d37-a0fe-d3feb638167d', 'default', 'a.b', '{"x": 1,  "x": 2}')`);
    await fixture.rows(
      "INSERT INTO chancy_queues (name, executor_options) VALUES ('bare', NULL), ('set', '{\"a\": 1}')",
    );
    expect(await fixture.app.isUpToDate()).toBe(false);
    await fixture.app.migrate();
    expect(await catalogue(fixture)).toEqual(await catalogue(newest));
    expect(await versions(fixture)).toMatchObject({ chancy: 6, metrics: 1, workflow: 1 });
    expect((await fixture.app.getJob('03fc9681-0e6c-8d37-a0fe-d3feb638167d'))?.kwargs).toEqual({ x: 2 });
    expect((await fixture.app.getAllQueues()).map(({ executorOptions }) => executorOptions)).toEqual([{}, { a: 1 }]);
  });
});
