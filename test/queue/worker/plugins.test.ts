import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { type JobCompletion, Plugin, type PluginWorker } from '../../../src/queue/plugin.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { acts, bench } from './support/bench.js';

class Watching extends Plugin {
  readonly identifier: string = 'test.watching';
  readonly seen: unknown[] = [];
  ended = false;

  override async onJobStarting(_worker: PluginWorker, job: QueuedJob): Promise<QueuedJob> {
    this.seen.push(['starting', job.state]);
    return { ...job, meta: { ...job.meta, trace: 7 } };
  }

  override async onJobCompleted(_worker: PluginWorker, job: QueuedJob, { error }: JobCompletion): Promise<QueuedJob> {
    this.seen.push(['completed', job.state, job.attempts, error instanceof Error ? error.message : error]);
    if (job.state !== 'failed') return job;
    return { ...job, id: 'nonsense', state: 'retrying', maxAttempts: 9, scheduledAt: new Date('2033-01-01T00:00:00Z') };
  }

  override async onJobUpdated(_worker: PluginWorker, job: QueuedJob): Promise<void> {
    this.seen.push(['updated', job.state, job.attempts]);
  }

  override run(_worker: PluginWorker, _chancy: unknown, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        this.ended = true;
        resolve();
      });
    });
  }
}

class Faulty extends Plugin {
  readonly identifier: string = 'test.faulty';
  override onJobStarting(): Promise<QueuedJob> {
    throw new Error('starting');
  }
  override async onJobCompleted(): Promise<QueuedJob> {
    return undefined as never;
  }
  override async onJobUpdated(): Promise<void> {
    throw new Error('updated');
  }
  override async run(): Promise<void> {
    throw new Error('run');
  }
}

describe('plugins', () => {
  it('change a job before and after its run, hear of its end, and run beside the worker', async () => {
    const plugin = new Watching();
    const b = await bench({ plugins: [plugin] });
    const traces: unknown[] = [];
    acts.set('good', async ({ meta }) => void traces.push(meta));
    acts.set('bad', async () => {
      throw new Error('boom');
    });
    await b.chancy.push('q', new Job({ func: 'good' }));
    const worker = await b.started();
    await b.record.count('job.finished', 1);
    await b.chancy.push('q', new Job({ func: 'bad' }));
    await b.record.count('job.finished', 2);
    await worker.stop();
    expect(plugin.ended).toBe(true);
    expect(traces).toEqual([{ trace: 7 }]);
    expect(plugin.seen).toEqual([
      ['starting', 'running'],
      ['completed', 'succeeded', 1, undefined],
      ['updated', 'succeeded', 1],
      ['starting', 'running'],
      ['completed', 'failed', 1, 'boom'],
      ['updated', 'retrying', 1],
    ]);
    expect(
      await b.sql('SELECT func, state, max_attempts, meta, scheduled_at > now() AS later FROM chancy_jobs ORDER BY id'),
    ).toEqual([
      { func: 'good', state: 'succeeded', max_attempts: 1, meta: { trace: 7 }, later: false },
      { func: 'bad', state: 'retrying', max_attempts: 9, meta: {}, later: true },
    ]);
  });

  it('are passed over when they throw or give nothing back, and said so', async () => {
    const b = await bench({ plugins: [new Faulty()] });
    acts.set('noop', async () => undefined);
    await b.chancy.push('q', new Job({ func: 'noop' }));
    const worker = await b.started();
    const { state } = await b.record.until('job.finished');
    await worker.stop();
    expect(state).toBe('succeeded');
    expect(
      b.record
        .of('worker.error')
        .map(({ doing, error }) => `${doing}: ${error}`)
        .toSorted(),
    ).toEqual([
      'onJobStarting of the plugin test.faulty: starting',
      'onJobUpdated of the plugin test.faulty: updated',
      'the plugin test.faulty: run',
    ]);
  });

  it('do not make an end of what is none', async () => {
    class Odd extends Plugin {
      readonly identifier = 'test.odd';
      override async onJobCompleted(_worker: PluginWorker, job: QueuedJob): Promise<QueuedJob> {
        return { ...job, state: 'running' };
      }
    }
    const b = await bench({ plugins: [new Odd()] });
    acts.set('noop', async () => undefined);
    await b.chancy.push('q', new Job({ func: 'noop' }));
    await b.started();
    const { state } = await b.record.until('job.finished');
    expect(state).toBe('succeeded');
  });
});
