import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { acts, bench } from './support/bench.js';

acts.set('noop', async () => undefined);

describe('notifications', () => {
  it('[!] that are malformed are passed over, a thousand of them, with an event each', async () => {
    const b = await bench();
    await b.started();
    await b.record.until('worker.queue.started');
    const bad = [
      '',
      'text',
      '[]',
      '5',
      'null',
      '{}',
      '{"t": 5}',
      '{"t": ""}',
      '{"t": "job.cancelled"}',
      '{"t": "job.cancelled", "j": "x"}',
      '{"t": "queue.pushed"}',
      '{"t": "queue.pushed", "q": 5}',
      `{"t": "${'x'.repeat(7000)}`,
    ];
    await b.sql(
      "SELECT pg_notify('chancy_events', payload || repeat(' ', n)) FROM unnest($1::text[]) payload, generate_series(1, 80) n",
      [bad],
    );
    await b.record.count('worker.malformed', bad.length * 80);
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    expect(new Set(b.record.of('worker.malformed').map(({ what }) => what))).toEqual(new Set(['notification']));
    expect(Math.max(...b.record.of('worker.malformed').map(({ id }) => id.length))).toBeLessThanOrEqual(200);
  });

  it('of events that nobody knows, and of queues and jobs elsewhere, are heard on the hub and do nothing', async () => {
    const b = await bench();
    const worker = await b.started();
    await b.record.until('worker.queue.started');
    const heard = Promise.all(
      ['some.thing', 'queue.pushed', 'job.cancelled'].map((event) => worker.hub.waitFor(event)),
    );
    for (const payload of [
      { t: 'some.thing', a: 1 },
      { t: 'queue.pushed', q: 'nowhere' },
      { t: 'job.cancelled', j: '03fc9681-0e6c-8d37-a0fe-d3feb638167d' },
    ]) {
      await b.sql("SELECT pg_notify('chancy_events', $1)", [JSON.stringify(payload)]);
    }
    expect((await heard)[0]).toEqual({ a: 1 });
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    expect(b.record.of('worker.error')).toEqual([]);
  });

  it('wake an idle worker', async () => {
    const b = await bench({ queue: { pollingInterval: 3600 } });
    await b.started();
    await b.record.until('worker.queue.started');
    for (let round = 1; round <= 20; round += 1) {
      await b.chancy.push('q', new Job({ func: 'noop' }));
      await b.record.count('job.finished', round);
    }
  });

  it('are neither sent nor heard by an app that has turned them off', async () => {
    const b = await bench({ notifications: false, queue: { pollingInterval: 1 } });
    const client = await b.connect();
    const heard: unknown[] = [];
    client.on('notification', (notification) => heard.push(notification));
    await client.query('LISTEN chancy_events');
    const worker = await b.started({ heartbeatIntervalMs: 20 });
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    await worker.stop();
    await client.query('SELECT 1');
    expect(heard).toEqual([]);
    const listeners = await b.sql(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%listen'",
    );
    expect(listeners).toEqual([]);
  });
});
