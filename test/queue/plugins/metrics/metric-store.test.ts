import { describe, expect, it } from 'vitest';
import type { DatabaseClient } from '../../../../src/queue/database/database.js';
import { MetricStore } from '../../../../src/queue/plugins/metrics/metric-store.js';
import { Metrics } from '../../../../src/queue/plugins/metrics/metrics.js';
import { Recorder } from '../../../../src/queue/plugins/metrics/recorder.js';
import { bench } from '../../worker/support/bench.js';

const connectionLost = (): Error => Object.assign(new Error('gone'), { code: 'ECONNRESET' });

describe('the store of metrics', () => {
  it('does not count twice what was stored when the answer was lost', async () => {
    const { chancy } = await bench({ plugins: [new Metrics()] });
    let losing: 'before' | 'after' | undefined;
    const database = {
      query: chancy.database.query.bind(chancy.database),
      async transaction<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T> {
        if (losing === 'before') throw connectionLost();
        const result = await chancy.database.transaction(run);
        if (losing === 'after') throw connectionLost();
        return result;
      },
    } as typeof chancy.database;
    const recorder = new Recorder();
    const store = new MetricStore({ database, tables: chancy.tables }, 'w', () => undefined);
    const count = async (): Promise<unknown> =>
      (await Metrics.getMetrics(chancy, 'c', { resolution: '1day' })).get('c')?.points[0]?.value;

    for (const how of ['before', 'after'] as const) {
      losing = how;
      recorder.record('counter', 'c', 1);
      await expect(store.store([recorder])).rejects.toThrow('gone');
      await expect(store.store([recorder])).rejects.toThrow('gone');
      losing = undefined;
      recorder.record('counter', 'c', 10);
      await store.store([recorder]);
    }
    expect(await count()).toBe(22);
  });

  it('gives up what the table refuses, and stores what comes after', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    await b.sql('ALTER TABLE chancy_metrics ADD CHECK (metric_key <> $$bad$$)');
    const recorder = new Recorder();
    const store = new MetricStore(b.chancy, 'w', () => undefined);
    recorder.record('counter', 'bad', 1);
    await expect(store.store([recorder])).rejects.toThrow('check constraint');
    recorder.record('counter', 'good', 1);
    await store.store([recorder]);
    expect(await Metrics.getMetricKeys(b.chancy)).toEqual(['good']);
  });

  it('stores any number of metrics', async () => {
    const b = await bench({ plugins: [new Metrics()] });
    const recorder = new Recorder();
    for (let n = 0; n < 600; n += 1) recorder.record('counter', `c${n}`, n);
    await new MetricStore(b.chancy, 'w', () => undefined).store([recorder]);
    expect(await Metrics.getMetricKeys(b.chancy)).toHaveLength(600);
  });
});
