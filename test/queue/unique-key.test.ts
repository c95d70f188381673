import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { withApp } from './support/app.js';

const fixture = withApp();
const job = new Job({ func: 'tasks.run', uniqueKey: 'one' });
beforeEach(async () => {
  await fixture.rows('TRUNCATE chancy_jobs');
});

describe('a unique key', () => {
  it('gives the id of the unfinished job that has it, and stores nothing of the new one', async () => {
    const first = await fixture.app.push(job);
    const second = await fixture.app.push(job.withPriority(9).withQueue('other').withKwargs({ new: true }));
    expect(second).toEqual(first);
    expect(await fixture.app.getJobs([first])).toMatchObject([{ priority: 0, queue: 'default', kwargs: {} }]);
  });

  it('still notifies for a duplicate, as Python does', async () => {
    await fixture.app.push(job);
    const listening = await fixture.listen();
    await fixture.app.push(job);
    expect(await listening.settled()).toEqual([{ t: 'queue.pushed', q: 'default' }]);
  });

  it('leaves a running job running', async () => {
    const first = await fixture.app.push(job);
    await fixture.rows("UPDATE chancy_jobs SET state = 'running', taken_by = 'w', attempts = 1");
    expect(await fixture.app.push(job)).toEqual(first);
    expect(await fixture.app.getJob(first)).toMatchObject({ state: 'running', takenBy: 'w', attempts: 1 });
  });

  it.each(['succeeded', 'failed'])('is free again once its job is %s', async (state) => {
    const first = await fixture.app.push(job);
    await fixture.rows('UPDATE chancy_jobs SET state = $1', [state]);
    expect((await fixture.app.push(job)).identifier).not.toBe(first.identifier);
  });

  it('is kept while its job is to be tried again', async () => {
    const first = await fixture.app.push(job);
    await fixture.rows("UPDATE chancy_jobs SET state = 'retrying'");
    expect(await fixture.app.push(job)).toEqual(first);
  });

  it('may be there several times in one batch, and in the table', async () => {
    const existing = await fixture.app.push(job.withUniqueKey('old'));
    const keys = ['a', null, 'old', 'a', 'b', 'old', null, 'b', 'a'];
    const references = await fixture.app.pushMany(
      keys.map((key, index) => job.withUniqueKey(key).withKwargs({ index })),
    );
    const ids = references.map(({ identifier }) => identifier);
    expect([ids[2], ids[5]]).toEqual([existing.identifier, existing.identifier]);
    expect([ids[3], ids[8]]).toEqual([ids[0], ids[0]]);
    expect(ids[7]).toBe(ids[4]);
    expect(new Set(ids).size).toBe(5);
    const rows = await fixture.rows<{ index: number }>("SELECT kwargs->>'index' AS index FROM chancy_jobs ORDER BY id");
    expect(rows.map(({ index }) => index)).toEqual([null, '0', '1', '4', '6']);
  });

  it('may be as long as an index takes, and no longer', async () => {
    const key = randomBytes(1300).toString('hex');
    const first = await fixture.app.push(job.withUniqueKey(key));
    expect(await fixture.app.push(job.withUniqueKey(key))).toEqual(first);
    expect(() => job.withUniqueKey(`${key}x`)).toThrow('uniqueKey: is longer than 2600 bytes');
  });

  it('does not make batches that race for the same keys in opposite order deadlock', async () => {
    const keys = Array.from({ length: 300 }, (_, index) => `key ${index}`);
    const rounds = Array.from({ length: 6 }, (_, round) => (round % 2 === 0 ? keys : keys.toReversed()));
    const apps = [fixture.app, fixture.another(), fixture.another()];
    const results = await Promise.all(
      rounds.map((round, index) => apps[index % 3]!.pushMany(round.map((key) => job.withUniqueKey(key)))),
    );
    const sets = results.map((references) => new Set(references.map(String)));
    for (const set of sets) expect(set).toEqual(sets[0]);
    expect(await fixture.rows('SELECT 1 FROM chancy_jobs')).toHaveLength(300);
  });
});
