import { describe, expect, it } from 'vitest';
import { Chancy } from '../../../src/queue/chancy.js';
import { Job } from '../../../src/queue/job.js';
import { Queue } from '../../../src/queue/queue.js';
import { Worker } from '../../../src/queue/worker.js';
import { TestExecutor, acts, bench, queueOf } from './support/bench.js';

acts.set('noop', async () => undefined);

const python = `INSERT INTO chancy_queues (name, tags, executor, executor_options, polling_interval)
  VALUES ('default', '{.*}', 'chancy.executors.process.ProcessExecutor', '{}', 5)`;

describe('the queues that a worker serves', () => {
  it('[!] never include a queue whose executor is not ours, though its tags match: Python’s default is left alone', async () => {
    const b = await bench();
    await b.sql(python);
    const before = await b.sql("SELECT * FROM chancy_queues WHERE name = 'default'");
    await b.chancy.push('default', new Job({ func: 'noop' }));
    const worker = await b.started({ queuePollMs: 50 });
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    await expect.poll(() => b.sql('SELECT queues FROM chancy_workers')).toEqual([{ queues: ['q'] }]);
    await b.chancy.declare(queueOf({ name: 'another' }));
    await b.record.until('worker.queue.started', ({ queue }) => queue === 'another');
    await worker.stop();
    expect(b.record.of('worker.queue.ignored')).toEqual([
      { workerId: worker.workerId, queue: 'default', executor: 'chancy.executors.process.ProcessExecutor' },
    ]);
    expect(await b.sql("SELECT state, taken_by FROM chancy_jobs WHERE queue = 'default'")).toEqual([
      { state: 'pending', taken_by: null },
    ]);
    expect(await b.sql("SELECT * FROM chancy_queues WHERE name = 'default'")).toEqual(before);
  });

  it('do not include one that the app declares but the table has for another executor; the reason is said once', async () => {
    const b = await bench({ queue: { name: 'default' } });
    await b.sql(python);
    await b.started();
    const failed = await b.record.until('worker.queue.failed');
    expect(failed).toMatchObject({ queue: 'default', executor: 'chancy.executors.process.ProcessExecutor' });
    expect(failed.error).toMatch(/^EXECUTOR_UNKNOWN: .*ProcessExecutor for default.*spoolgate\.TestExecutor/);
  });

  it('[!] are not disturbed by rows that cannot be used', async () => {
    const b = await bench();
    const poison: Record<string, string> = {
      'null tags': 'tags = NULL',
      'a bad regex': `tags = '{*}'`,
      'a good tag beside': `tags = '{(,NULL,runtime=node}'`,
      'null options': 'executor_options = NULL',
      'options no object': `executor_options = '[1]'`,
      'a limit without window': 'rate_limit = 5',
      'a limit with window 0': 'rate_limit = 5, rate_limit_window = 0',
      'another state': `state = 'sleeping'`,
      'a bad executor': `executor = ''`,
      'a negative concurrency': 'concurrency = -1',
      'a polling of 0': 'polling_interval = 0',
      'a polling of years': 'polling_interval = 2147483647',
    };
    for (const [name, change] of Object.entries(poison)) {
      await b.chancy.declare(queueOf({ name }));
      await b.sql(`UPDATE chancy_queues SET ${change} WHERE name = $1`, [name]);
    }
    const worker = await b.started({ queuePollMs: 50 });
    const served = ['a good tag beside', 'null options', 'a polling of 0', 'a polling of years', 'q'];
    for (const queue of served) {
      await b.chancy.push(queue, new Job({ func: 'noop' }));
      await b.record.until('job.finished', (fields) => fields.queue === queue);
    }
    await b.chancy.declare(queueOf({ name: 'zz' }));
    await b.record.until('worker.queue.started', ({ queue }) => queue === 'zz');
    await worker.stop();
    const malformed = b.record.of('worker.malformed').map(({ id }) => id);
    expect(malformed.toSorted()).toEqual(
      [
        'a bad regex',
        'a good tag beside',
        'a limit with window 0',
        'a limit without window',
        'a negative concurrency',
        'another state',
        'options no object',
      ].toSorted(),
    );
    expect(
      b.record
        .of('worker.queue.started')
        .map(({ queue }) => queue)
        .toSorted(),
    ).toEqual([...served, 'zz'].toSorted());
    expect(b.record.of('worker.queue.ignored').map(({ queue }) => queue)).toEqual(['a bad executor']);
  });

  it('come and go with the table: declared, repaired, retagged, deleted, declared again', async () => {
    const b = await bench({ queue: null });
    await b.chancy.declare(queueOf({ name: 'come' }));
    await b.sql("UPDATE chancy_queues SET tags = '{(}'");
    await b.started();
    await b.record.until('worker.malformed');
    await b.chancy.declare(queueOf({ name: 'come' }), { upsert: true });
    await b.record.count('worker.queue.started', 1);
    await b.chancy.declare(queueOf({ name: 'come', tags: ['runtime=other'] }), { upsert: true });
    await b.record.count('worker.queue.removed', 1);
    await b.chancy.declare(queueOf({ name: 'come' }), { upsert: true });
    await b.record.count('worker.queue.started', 2);
    await b.chancy.deleteQueue('come');
    await b.record.count('worker.queue.removed', 2);
    await b.chancy.declare(queueOf({ name: 'come' }));
    await b.record.count('worker.queue.started', 3);
    await b.chancy.push('come', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
  });

  it('are found by polling when nobody notifies', async () => {
    const b = await bench({ queue: null, notifications: false });
    await b.started({ queuePollMs: 50 });
    await b.chancy.declare(queueOf({ name: 'quiet' }));
    await b.record.until('worker.queue.started');
  });

  it('may be given by name of a registered executor, or by class', async () => {
    const b = await bench({ queue: null });
    await b.chancy.declare(new Queue({ name: 'by-name', executor: 'TestExecutor', tags: ['runtime=node'] }));
    await b.chancy.declare(new Queue({ name: 'by-full-name', executor: 'spoolgate.TestExecutor' }));
    await b.started();
    await b.record.count('worker.queue.started', 2);
  });

  it('are tried again when their executor does not start', async () => {
    let tries = 0;
    class Reluctant extends TestExecutor {
      override async start(): Promise<void> {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
      }
    }
    class Broken extends TestExecutor {
      override async start(): Promise<void> {
        throw new Error('never');
      }
    }
    const b = await bench({ queue: null });
    const chancy = new Chancy({
      dsn: b.url,
      queues: [queueOf({ name: 'a', executor: Reluctant }), queueOf({ name: 'b', executor: Broken })],
    });
    const worker = new Worker(chancy, { events: b.record.bus, queuePollMs: 30 });
    await worker.start();
    await b.record.until('worker.queue.started', ({ queue }) => queue === 'a');
    await worker.stop();
    await chancy.close();
    expect(b.record.of('worker.queue.failed').map(({ queue, error }) => `${queue}: ${error}`)).toEqual(
      expect.arrayContaining(['a: not yet', 'b: never']),
    );
    expect(b.record.of('worker.queue.failed')).toHaveLength(2);
  });
});
