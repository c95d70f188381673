import { describe, expect, it } from 'vitest';
import { Job } from '../../../src/queue/job.js';
import { acts, bench } from './support/bench.js';

acts.set('noop', async () => undefined);

describe('rows that cannot be read', () => {
  it('[!] are failed with the reason, and what stands behind them runs', async () => {
    const b = await bench({ queue: { concurrency: 1 } });
    const poison: Record<string, string> = {
      'limit type': `limits = '[{"t": "colour", "v": 1}]'`,
      'limit without v': `limits = '[{"t": "time"}]'`,
      'limits no array': `limits = '{"t": "time"}'`,
      'kwargs array': `kwargs = '[1]'`,
      'kwargs scalar': `kwargs = '"text"'`,
      'meta array': `meta = '[]'`,
      'empty func': `func = ''`,
    };
    await b.chancy.pushMany(
      [...Object.keys(poison), 'noop'].map((func) => new Job({ func, queue: 'q', maxAttempts: 5 })),
    );
    for (const [func, change] of Object.entries(poison))
      await b.sql(`UPDATE chancy_jobs SET ${change}, unique_key = $1 WHERE func = $1`, [func]);
    await b.started();
    await b.record.until('job.finished', ({ state }) => state === 'succeeded');
    const rows = await b.sql<{
      unique_key: string;
      state: string;
      attempts: number;
      errors: { code: string; message: string }[];
    }>('SELECT unique_key, state, attempts, errors, completed_at FROM chancy_jobs WHERE unique_key IS NOT NULL');
    expect(rows).toHaveLength(Object.keys(poison).length);
    for (const { state, attempts, errors } of rows) {
      expect({ state, attempts }).toEqual({ state: 'failed', attempts: 1 });
      expect(errors).toMatchObject([{ code: 'JOB_UNREADABLE', attempt: 0 }]);
      expect(errors[0]?.message).toMatch(/limits|kwargs|meta|func/);
    }
    expect(b.record.of('worker.malformed')).toHaveLength(Object.keys(poison).length);
    const [meta] = await b.sql("SELECT meta FROM chancy_jobs WHERE unique_key = 'meta array'");
    expect(meta).toEqual({ meta: [] });
  });

  it('are read where they can be: JSON null, times without end, errors of another shape', async () => {
    const b = await bench();
    const { identifier } = await b.chancy.push('q', new Job({ func: 'boom', maxAttempts: 2 }));
    acts.set('boom', async ({ kwargs, meta }) => {
      throw new Error(`boom ${JSON.stringify([kwargs, meta])}`);
    });
    await b.sql(
      `UPDATE chancy_jobs SET kwargs = 'null', meta = 'null', scheduled_at = '-infinity', created_at = 'infinity', errors = '{"a": 1}'`,
    );
    await b.started();
    await b.record.count('job.finished', 2);
    const [row] = await b.sql<{ errors: { message: string }[] }>(
      'SELECT state, attempts, errors, scheduled_at::text AS due, meta FROM chancy_jobs WHERE id = $1',
      [identifier],
    );
    expect(row).toMatchObject({ state: 'failed', attempts: 2, due: '-infinity', meta: null });
    expect(row?.errors.map(({ message }) => message)).toEqual(['boom [{},{}]', 'boom [{},{}]']);
  });
});
