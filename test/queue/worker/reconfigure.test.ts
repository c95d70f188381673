import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { TestExecutor, acts, bench, latch, queueOf } from './support/bench.js';

const jobs = (func: string, count: number): Job[] => Array.from({ length: count }, () => new Job({ func, queue: 'q' }));

describe('a queue whose row changes', () => {
  it('follows a new concurrency without touching what runs', async () => {
    const b = await bench({ queue: { concurrency: 1 } });
    const { opened, open } = latch();
    let running = 0;
    acts.set('hold', async () => {
      running += 1;
      await opened;
      running -= 1;
    });
    await b.chancy.pushMany(jobs('hold', 6));
    await b.started();
    await b.record.count('job.claimed', 1);
    await b.chancy.declare(queueOf({ concurrency: 4 }), { upsert: true });
    await b.record.count('job.claimed', 4);
    expect(running).toBe(4);
    expect(b.record.of('worker.queue.updated')).toHaveLength(1);
    expect(b.record.of('worker.queue.started')).toHaveLength(1);
    open();
    await b.record.count('job.finished', 6);
  });

  it('waits until nothing runs for a new executor, claims nothing meanwhile, and other queues do not wait', async () => {
    const options: unknown[] = [];
    let stops = 0;
    class Seen extends TestExecutor {
      override async start(): Promise<void> {
        options.push(this.options);
      }
      override async stop(): Promise<void> {
        stops += 1;
      }
    }
    const b = await bench({ queue: { executor: Seen } });
    const { opened, open } = latch();
    acts.set('hold', () => opened);
    acts.set('noop', async () => undefined);
    await b.chancy.push('q', new Job({ func: 'hold' }));
    await b.started();
    await b.record.until('job.claimed');
    await b.chancy.declare(queueOf({ executor: Seen, executorOptions: { n: 2 } }), { upsert: true });
    await b.chancy.declare(queueOf({ name: 'other' }));
    await b.record.until('worker.queue.started', ({ queue }) => queue === 'other');
    const { identifier } = await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.chancy.push('other', new Job({ func: 'noop' }));
    await b.record.until('job.finished', ({ queue }) => queue === 'other');
    expect(await b.state(identifier)).toBe('pending');
    open();
    await b.record.until('job.finished', ({ jobId }) => jobId === identifier);
    expect(options).toEqual([{}, { n: 2 }]);
    expect(stops).toBe(1);
    expect(b.record.of('worker.queue.removed')).toEqual([]);
  });

  it('goes on at once when the change is taken back before the executor was replaced', async () => {
    const b = await bench({ queue: { concurrency: 3, pollingInterval: 3600 } });
    const { opened, open } = latch();
    acts.set('hold', () => opened);
    acts.set('noop', async () => undefined);
    await b.chancy.push('q', new Job({ func: 'hold' }));
    const worker = await b.started();
    await b.record.until('job.claimed');
    const before = await b.sql<{ executor_options: object }>("SELECT * FROM chancy_queues WHERE name = 'q'");
    await b.sql(`UPDATE chancy_queues SET executor_options = '{"n": 2}'`);
    await b.chancy.declare(queueOf({ name: 'marker' }));
    await b.record.until('worker.queue.started', ({ queue }) => queue === 'marker');
    // Told while the queue is held: nothing is claimed.
    const heard = worker.hub.waitFor('queue.pushed');
    const { identifier } = await b.chancy.push('q', new Job({ func: 'noop' }));
    await heard;
    await b.chancy.push('marker', new Job({ func: 'noop' }));
    await b.record.until('job.finished', ({ queue }) => queue === 'marker');
    expect(await b.state(identifier)).toBe('pending');
    await b.sql("UPDATE chancy_queues SET executor_options = $1 WHERE name = 'q'", [before[0]?.executor_options]);
    await b.chancy.declare(queueOf());
    await b.record.until('job.finished', ({ jobId }) => jobId === identifier);
    expect(b.record.of('worker.queue.started')).toHaveLength(2);
    open();
  });

  it('lets what runs end when it is deleted or no longer ours', async () => {
    const b = await bench();
    const { opened, open } = latch();
    acts.set('hold', () => opened);
    const { identifier } = await b.chancy.push('q', new Job({ func: 'hold' }));
    await b.started();
    await b.record.until('job.claimed');
    await b.chancy.deleteQueue('q', { purgeJobs: false });
    await b.chancy.declare(queueOf({ name: 'marker' }));
    await b.record.until('worker.queue.started', ({ queue }) => queue === 'marker');
    expect(b.record.of('worker.queue.removed')).toEqual([]);
    open();
    await b.record.until('worker.queue.removed');
    expect(await b.state(identifier)).toBe('succeeded');
  });
});

describe('a paused queue', () => {
  it('claims nothing while what runs goes on, until it is resumed', async () => {
    const b = await bench();
    const { opened, open } = latch();
    acts.set('hold', () => opened);
    acts.set('noop', async () => undefined);
    const held = await b.chancy.push('q', new Job({ func: 'hold' }));
    await b.started();
    await b.record.until('job.claimed');
    await b.chancy.pauseQueue('q');
    await b.record.until('worker.queue.updated');
    const { identifier } = await b.chancy.push('q', new Job({ func: 'noop' }));
    open();
    await b.record.until('job.finished', ({ jobId }) => jobId === held.identifier);
    expect(await b.state(identifier)).toBe('pending');
    await b.chancy.resumeQueue('q');
    await b.record.until('job.finished', ({ jobId }) => jobId === identifier);
  });

  it('resumes by itself when its time has come, and tells the others', async () => {
    const b = await bench();
    acts.set('noop', async () => undefined);
    await b.chancy.declare(b.chancy.queues[0]!);
    await b.chancy.pauseQueue('q', { resumeAt: new Date(Date.now() + 400) });
    const listener = await b.connect();
    await listener.query('LISTEN chancy_events');
    const told = new Promise((resolve) => {
      listener.on('notification', ({ payload }) => {
        if (payload?.includes('queue.resumed') === true) resolve(JSON.parse(payload));
      });
    });
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.started();
    await b.record.until('job.finished');
    expect(await told).toEqual({ t: 'queue.resumed', q: 'q' });
    expect(await b.sql('SELECT state, resume_at FROM chancy_queues')).toEqual([{ state: 'active', resume_at: null }]);
  });

  it('does so without notifications too, and never for a time that does not come', async () => {
    const b = await bench({ notifications: false });
    acts.set('noop', async () => undefined);
    await b.chancy.declare(b.chancy.queues[0]!);
    await b.chancy.declare(queueOf({ name: 'endless' }));
    await b.sql(
      `UPDATE chancy_queues SET state = 'paused', resume_at = CASE name WHEN 'q' THEN now() ELSE 'infinity' END`,
    );
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.started();
    await b.record.until('job.finished');
    expect(await b.sql('SELECT name, state FROM chancy_queues ORDER BY name')).toEqual([
      { name: 'endless', state: 'paused' },
      { name: 'q', state: 'active' },
    ]);
  });
});
