import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { acts, bench } from './support/bench.js';

acts.set('noop', async () => undefined);
const jobs = (count: number): Job[] => Array.from({ length: count }, () => new Job({ func: 'noop', queue: 'q' }));

describe('the rate limit', () => {
  it('[!] lets through so many claims per window of all workers together, aligned to the epoch by the database’s clock', async () => {
    const b = await bench({ queue: { rateLimit: 4, rateLimitWindow: 3600, concurrency: 3 } });
    await b.chancy.pushMany(jobs(10));
    const workers = [await b.started(), await b.started()];
    await b.record.count('job.finished', 4);
    await Promise.all(workers.map((worker) => worker.stop()));
    const states = await b.sql('SELECT state, count(*)::int FROM chancy_jobs GROUP BY state ORDER BY state');
    // The hour may turn during the test; then four more are let through.
    const [row] = await b.sql<{ count: number; aligned: boolean; now: boolean }>(
      `SELECT count, window_start % 3600 = 0 AS aligned, window_start <= extract(epoch FROM now()) AS now FROM chancy_queue_rate_limits`,
    );
    expect(row).toMatchObject({ aligned: true, now: true });
    if (row?.count === 4) {
      expect(states).toEqual([
        { state: 'pending', count: 6 },
        { state: 'succeeded', count: 4 },
      ]);
    }
  });

  it('counts what Python counted in the same window, and goes on in the next one by itself', async () => {
    const b = await bench({ queue: { rateLimit: 2, rateLimitWindow: 1 } });
    await b.chancy.pushMany(jobs(6));
    await b.started();
    await b.record.count('job.finished', 6);
    const rows = await b.sql<{ many: number }>(
      'SELECT count(*)::int AS many FROM chancy_jobs GROUP BY floor(extract(epoch FROM started_at)) ORDER BY 1',
    );
    expect(Math.max(...rows.map(({ many }) => many))).toBeLessThanOrEqual(2);
  });

  it('claims nothing while the window is full, and starts anew when the stored window is another', async () => {
    const b = await bench({ queue: { rateLimit: 3, rateLimitWindow: 86_400 } });
    await b.sql(
      "INSERT INTO chancy_queue_rate_limits VALUES ('q', (floor(extract(epoch FROM now()) / 86400) * 86400)::int, 3)",
    );
    await b.chancy.pushMany(jobs(5));
    const worker = await b.started();
    await b.record.until('worker.queue.started');
    await worker.stop();
    expect(b.record.of('job.claimed')).toEqual([]);
    await b.sql('UPDATE chancy_queue_rate_limits SET window_start = window_start - 86400');
    await b.started();
    await b.record.count('job.finished', 3);
    const rows = await b.sql('SELECT count FROM chancy_queue_rate_limits');
    expect(rows).toEqual([{ count: 3 }]);
  });
});
