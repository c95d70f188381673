import { describe, expect, it } from 'vitest';
import { Chancy } from '../../../src/queue/chancy.js';
import type { Claim } from '../../../src/queue/executor.js';
import { Job } from '../../../src/queue/job.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { Worker } from '../../../src/queue/worker.js';
import { TestExecutor, acts, bench, queueOf } from './support/bench.js';

const ran: { printer: string; claim: Claim }[] = [];
let free = new Set<string>();
let wake = (): void => undefined;

/** Takes jobs for the printers that are free, one each; printer A takes those that name none too. */
class PrinterExecutor extends TestExecutor {
  override claims(): readonly Claim[] {
    wake = () => this.wake();
    return [...free].map((equals) => ({ limit: 1, kwarg: { name: 'printer', equals, orAbsent: equals === 'A' } }));
  }

  override async push(job: QueuedJob, claim?: Claim): Promise<void> {
    if (claim?.kwarg === undefined) throw new Error('no claim');
    free.delete(claim.kwarg.equals);
    ran.push({ printer: (job.kwargs['printer'] as string | null | undefined) ?? 'any', claim });
    await super.push(job);
  }
}

describe('a claim with a kwarg', () => {
  it('takes only jobs that fit, and those that name none where it says so; wake() asks again', async () => {
    const b = await bench({ queue: { executor: PrinterExecutor } });
    acts.set('noop', async () => undefined);
    ran.length = 0;
    free = new Set(['B']);
    const job = (kwargs: Record<string, unknown>): Job => new Job({ func: 'noop', queue: 'q', kwargs });
    await b.chancy.pushMany([
      job({ printer: 'C' }),
      job({}),
      job({ printer: null }),
      job({ printer: 'B' }),
      job({ printer: 'A' }),
      job({ printer: 'B' }),
    ]);
    await b.started();
    await b.record.count('job.finished', 1);
    expect(ran.map(({ printer }) => printer)).toEqual(['B']);
    const order: string[] = [];
    for (const [printer, finished] of [
      ['A', 2],
      ['A', 3],
      ['A', 4],
      ['B', 5],
    ] as const) {
      free = new Set([printer]);
      wake();
      await b.record.count('job.finished', finished);
      order.push(ran.at(-1)?.printer ?? '');
    }
    expect(order).toEqual(['any', 'any', 'A', 'B']);
    expect(ran[1]?.claim).toMatchObject({ limit: 1, kwarg: { name: 'printer', equals: 'A', orAbsent: true } });
    const left = await b.sql("SELECT kwargs->>'printer' AS printer FROM chancy_jobs WHERE state = 'pending'");
    expect(left).toEqual([{ printer: 'C' }]);
  });

  it('survives claims that throw or are no claims', async () => {
    let calls = 0;
    class OddExecutor extends TestExecutor {
      override claims(running: number): readonly Claim[] {
        calls += 1;
        if (calls === 1) throw new Error('not yet');
        if (calls === 2) return [{ limit: NaN }, { limit: -3 }, { limit: 0.5 }];
        return super.claims(running);
      }
    }
    const b = await bench({ queue: null });
    const app = new Chancy({ dsn: b.url, queues: [queueOf({ executor: OddExecutor })] });
    const worker = new Worker(app, { events: b.record.bus });
    acts.set('noop', async () => undefined);
    await worker.start();
    const { error } = await b.record.until('worker.error');
    expect(error).toBe('not yet');
    await app.push('q', new Job({ func: 'noop' }));
    await app.push('q', new Job({ func: 'noop' }));
    await b.record.until('job.finished');
    await worker.stop();
    await app.close();
  });
});
