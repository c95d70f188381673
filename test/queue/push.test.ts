import pg from 'pg';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Chancy } from '../../src/queue/chancy.js';
import { Job } from '../../src/queue/job.js';
import { Limit } from '../../src/queue/limit.js';
import { withApp } from './support/app.js';

const fixture = withApp();
const job = new Job({ func: 'tasks.run' });
const count = async (): Promise<number> => {
  const [row] = await fixture.rows<{ count: number }>('SELECT count(*)::integer AS count FROM chancy_jobs');
  return row!.count;
};
beforeEach(async () => {
  await fixture.rows('TRUNCATE chancy_jobs');
});

describe('push', () => {
  it('stores every field, and leaves the others to the database’s defaults', async () => {
    const scheduledAt = new Date('2031-02-03T04:05:06.789Z');
    const reference = await fixture.app.push(
      new Job({
        func: 'tasks.run',
        kwargs: { text: '"quoted" \\ ünïcödé 🖨', list: [1, null, { deep: 1e300 }], small: 5e-324 },
        queue: 'printers',
        priority: -7,
        maxAttempts: 3,
        scheduledAt,
        limits: [Limit.time(30), Limit.memory(2 ** 40)],
        meta: { from: 'test' },
        uniqueKey: 'k "1"',
      }),
    );
    const [row] = await fixture.rows('SELECT * FROM chancy_jobs');
    expect(row).toEqual({
      id: reference.identifier,
      queue: 'printers',
      func: 'tasks.run',
      kwargs: { text: '"quoted" \\ ünïcödé 🖨', list: [1, null, { deep: 1e300 }], small: 5e-324 },
      limits: [
        { t: 'time', v: 30 },
        { t: 'memory', v: 2 ** 40 },
      ],
      meta: { from: 'test' },
      state: 'pending',
      priority: -7,
      attempts: 0,
      max_attempts: 3,
      taken_by: null,
      created_at: expect.any(Date),
      started_at: null,
      completed_at: null,
      scheduled_at: scheduledAt,
      unique_key: 'k "1"',
      errors: [],
    });
  });

  it('schedules for now by the database’s clock, not by ours', async () => {
    vi.useFakeTimers({ now: new Date('2001-01-01'), toFake: ['Date'] });
    try {
      await fixture.app.push(job);
    } finally {
      vi.useRealTimers();
    }
    const rows = await fixture.rows(
      "SELECT 1 FROM chancy_jobs WHERE scheduled_at = created_at AND created_at > now() - interval '1 min'",
    );
    expect(rows).toHaveLength(1);
  });

  it('takes the queue first, as Chancy’s tutorial does', async () => {
    const reference = await fixture.app.push('other', job);
    expect((await fixture.app.getJob(reference))?.queue).toBe('other');
    await expect(fixture.app.push('', job)).rejects.toThrow(/JOB_INVALID.*queue/);
    await expect(fixture.app.push('q', undefined as never)).rejects.toThrow('there is no job');
  });

  it('checks a job of plain JavaScript too', async () => {
    await fixture.app.push({ func: 'a.b' } as Job);
    await fixture.app.push('q', { func: 'a.b' } as Job);
    await expect(fixture.app.push({ func: '' } as Job)).rejects.toThrow('JOB_INVALID');
    expect(await count()).toBe(2);
  });
});

describe('pushMany', () => {
  it('pushes 10,000 jobs in 10 statements, with ids that rise in the order of the input', async () => {
    const pool = new pg.Pool({ connectionString: fixture.url, max: 1 });
    const statements: string[] = [];
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...args: unknown[]) => {
        statements.push((args[0] as { text?: string }).text ?? String(args[0]));
        return query(...args);
      }) as typeof client.query;
    });
    const counted = new Chancy({ pool });
    const jobs = Array.from({ length: 10_000 }, (_, index) => job.withKwargs({ index }).withQueue(`q${index % 3}`));
    const references = await counted.pushMany(jobs);
    await counted.close();
    await pool.end();

    expect(statements).toHaveLength(10);
    const ids = references.map(({ identifier }) => identifier);
    expect(ids).toEqual(ids.toSorted());
    const rows = await fixture.rows<{ index: number }>(
      "SELECT (kwargs->>'index')::integer AS index FROM chancy_jobs ORDER BY id",
    );
    expect(rows.map(({ index }) => index)).toEqual(jobs.map((_, index) => index));
  });

  it('pushes nothing for nothing, and takes what comes over time', async () => {
    expect(await fixture.app.pushMany([])).toEqual([]);
    const slowly = async function* (): AsyncGenerator<Job> {
      for (let index = 0; index < 3; index += 1) {
        await Promise.resolve();
        yield job;
      }
    };
    expect(await fixture.app.pushMany(slowly())).toHaveLength(3);
  });

  it('cuts by size as well as by number', async () => {
    const big = job.withKwargs({ gcode: 'G1 X1\n'.repeat(1_000_000) });
    const listening = await fixture.listen();
    expect(await fixture.app.pushMany(Array.from({ length: 5 }, () => big))).toHaveLength(5);
    // One notification a statement shows the cut: 3 jobs pass the 16 MB, 2 are left.
    expect(await listening.settled()).toHaveLength(2);
    expect(await count()).toBe(5);
  });

  it('[!] notifies once for each distinct queue, in the exact shape that Python needs', async () => {
    const listening = await fixture.listen();
    await fixture.app.pushMany(['a', 'b', 'a', 'b'].map((queue) => job.withQueue(queue)));
    expect(await listening.settled()).toEqual([
      { t: 'queue.pushed', q: 'a' },
      { t: 'queue.pushed', q: 'b' },
    ]);
  });

  it('notifies nobody where notifications are off', async () => {
    const listening = await fixture.listen();
    const quiet = fixture.another({ notifications: false });
    await quiet.push(job);
    await quiet.pushMany([job, job]);
    expect(await listening.settled()).toEqual([]);
    expect(await count()).toBe(3);
  });

  it('works without prepared statements, for PgBouncer', async () => {
    await fixture.another({ prepare: false }).pushMany([job, job]);
    expect(await fixture.rows("SELECT 1 FROM pg_prepared_statements WHERE name LIKE '%push%'")).toEqual([]);
    expect(await count()).toBe(2);
  });
});

describe('pushManyEx', () => {
  const inTransaction = async (run: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = new pg.Client({ connectionString: fixture.url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await run(client);
    } finally {
      await client.end();
    }
  };

  it('is part of the caller’s transaction: rolled back with it', async () => {
    const listening = await fixture.listen();
    await inTransaction(async (client) => {
      expect(await fixture.app.pushManyEx(client, [job, job])).toHaveLength(2);
      await client.query('ROLLBACK');
    });
    expect(await count()).toBe(0);
    expect(await listening.settled()).toEqual([]);
  });

  it('and committed with it, notifying once for each queue however many batches there were', async () => {
    const listening = await fixture.listen();
    await inTransaction(async (client) => {
      await fixture.app.pushManyEx(
        client,
        Array.from({ length: 2500 }, () => job),
      );
      expect(await count()).toBe(0);
      await client.query('COMMIT');
    });
    expect(await count()).toBe(2500);
    expect(await listening.settled()).toEqual([{ t: 'queue.pushed', q: 'default' }]);
  });
});
