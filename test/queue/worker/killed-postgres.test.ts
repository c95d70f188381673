import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { EmbeddedPostgres } from '../../../src/postgres/embedded-postgres.js';
import { Job } from '../../../src/queue/job.js';
import { acts, bench, latch } from './support/bench.js';

it('a Postgres that is killed during a job costs nothing: the job ends meanwhile, its result is stored, the worker goes on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'spoolgate-killed-'));
  const server = new EmbeddedPostgres({ dataDir, exclusive: true });
  onTestFinished(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await server.start();
  const b = await bench({ url: server.connectionString, queue: { pollingInterval: 3600 } });
  let runs = 0;
  const { opened, open } = latch();
  const ended = latch();
  acts.set('hold', async (job) => {
    runs += 1;
    await opened;
    ended.open();
    if (job.func === 'bad') throw new Error('meanwhile');
  });
  acts.set('bad', acts.get('hold')!);
  acts.set('noop', async () => undefined);
  await b.chancy.pushMany(['hold', 'hold', 'bad'].map((func) => new Job({ func, queue: 'q', maxAttempts: 2 })));
  const worker = await b.started({ heartbeatIntervalMs: 200, ownershipPollMs: 50, queuePollMs: 200 });
  await b.record.count('job.claimed', 3);
  await b.chancy.pauseQueue('q');
  await b.record.until('worker.queue.updated');
  const killed = server.pid;
  process.kill(killed, 'SIGKILL');
  await b.record.until('worker.database_lost');
  open();
  await ended.opened;
  const { awayMs } = await b.record.until('worker.database_back');
  await b.record.count('job.finished', 3);
  await expect.poll(() => server.pid).not.toBe(killed);
  expect(awayMs).toBeGreaterThan(0);
  expect(runs).toBe(3);
  expect(await b.sql('SELECT func, state, attempts, max_attempts, taken_by FROM chancy_jobs ORDER BY id')).toEqual(
    ['hold', 'hold', 'bad'].map((func) => ({
      func,
      state: func === 'bad' ? 'retrying' : 'succeeded',
      attempts: 1,
      max_attempts: 2,
      taken_by: worker.workerId,
    })),
  );
  // The crash has emptied the unlogged table of workers.
  await expect.poll(() => b.sql('SELECT worker_id FROM chancy_workers')).toEqual([{ worker_id: worker.workerId }]);
  await b.chancy.resumeQueue('q');
  await b.chancy.push('q', new Job({ func: 'noop' }));
  await b.record.until('job.finished', ({ func }) => func === 'noop');
  expect(b.record.of('worker.database_lost')).toHaveLength(1);
  expect(b.record.of('worker.database_back')).toHaveLength(1);
  expect(b.record.of('job.result_refused')).toEqual([]);
  expect(b.record.of('job.cancel_requested')).toEqual([]);
  expect(b.record.of('worker.error')).toEqual([]);
  await worker.stop();
});
