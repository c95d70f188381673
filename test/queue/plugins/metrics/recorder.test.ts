import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarseBuckets, combineBuckets, newestFirst } from '../../../../src/queue/plugins/metrics/metric-row.js';
import { combineValues, firstValue, metricTypes } from '../../../../src/queue/plugins/metrics/metric-value.js';
import { Recorder, fitsColumn } from '../../../../src/queue/plugins/metrics/recorder.js';
import { bucketStart, resolutions } from '../../../../src/queue/plugins/metrics/resolution.js';

const clock = (start: string) => {
  let now = Date.parse(start);
  return {
    now: () => now,
    go(ms: number) {
      now += ms;
    },
  };
};

describe('the recorder', () => {
  it('adds up counters and histograms by the minute, and keeps the last of a gauge', () => {
    const time = clock('2026-03-01T10:04:59.500Z');
    const recorder = new Recorder(time.now);
    for (const value of [3, 5]) {
      recorder.record('counter', 'c', value);
      recorder.record('gauge', 'g', value);
      recorder.record('histogram', 'h', value);
    }
    time.go(1000);
    recorder.record('counter', 'c', 1);
    const first = Date.parse('2026-03-01T10:04:00Z');
    const taken = recorder.take();
    expect([...taken.get('c')!.minutes]).toEqual([
      [first, 8],
      [first + 60_000, 1],
    ]);
    expect([...taken.get('g')!.minutes]).toEqual([[first, 5]]);
    expect([...taken.get('h')!.minutes]).toEqual([[first, { count: 2, sum: 8, avg: 4, min: 3, max: 5 }]]);
    expect(recorder.take().size).toBe(0);
  });

  it('passes over what the table could not hold, and names it once', () => {
    const recorder = new Recorder();
    recorder.record('counter', 'x'.repeat(256), 1);
    recorder.record('counter', 'x'.repeat(256), 1);
    recorder.record('counter', '', 1);
    recorder.record('counter', 'a\0', 1);
    recorder.record('gauge', 'nan', NaN);
    recorder.record('gauge', 'inf', Infinity);
    recorder.record('gauge', 'both', 1);
    recorder.record('counter', 'both', 1);
    expect([...recorder.takeSkipped()]).toEqual([
      ['x'.repeat(255), 'its name is longer than 255 characters'],
      ['', 'its name is empty'],
      ['a\0', 'its name holds a NUL character'],
      ['nan', 'its value is NaN'],
      ['inf', 'its value is Infinity'],
      ['both', 'it is a gauge, not a counter'],
    ]);
    recorder.record('gauge', 'nan', NaN);
    expect(recorder.takeSkipped().size).toBe(0);
    expect([...recorder.take().keys()]).toEqual(['both']);
  });

  it('names only so many, however many names are made up', () => {
    const recorder = new Recorder();
    for (let n = 0; n < 1500; n += 1) recorder.record('gauge', `g${n}`, NaN);
    expect(recorder.takeSkipped().size).toBe(1000);
  });

  it('keeps a day of minutes while the database is away', () => {
    const time = clock('2026-03-01T00:00:00Z');
    const recorder = new Recorder(time.now);
    for (let minute = 0; minute < 1450; minute += 1) {
      recorder.record('counter', 'c', 1);
      time.go(60_000);
    }
    const { minutes } = recorder.take().get('c')!;
    expect([minutes.size, Math.min(...minutes.keys())]).toEqual([1440, Date.parse('2026-03-01T00:10:00Z')]);
  });

  it('counts characters as Postgres does', () => {
    expect([fitsColumn('😀'.repeat(255)), fitsColumn('😀'.repeat(256))]).toEqual([true, false]);
  });
});

describe('buckets', () => {
  it.each([
    ['1min', '2026-03-01T10:59:00Z'],
    ['5min', '2026-03-01T10:55:00Z'],
    ['1hour', '2026-03-01T10:00:00Z'],
    ['1day', '2026-03-01T00:00:00Z'],
  ] as const)('of %s begin on the clock of UTC', (resolution, start) => {
    expect(new Date(bucketStart(resolution, Date.parse('2026-03-01T10:59:59.999Z')))).toEqual(new Date(start));
  });

  it('are kept as many as the resolution has, the newest first', () => {
    const minutes = new Map(Array.from({ length: 100 }, (_, n) => [n * 60_000, n]));
    const kept = newestFirst('1min', minutes);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([60, [99 * 60_000, 99], [40 * 60_000, 40]]);
  });

  it('do not overflow to what JSON does not have', () => {
    const most = Number.MAX_VALUE;
    expect(combineValues('counter', most, most)).toBe(most);
    expect(combineValues('histogram', firstValue('histogram', -most), firstValue('histogram', -most))).toMatchObject({
      sum: -most,
    });
  });

  it('hold the same whether they are added in one go or in parts', () => {
    const minutes = fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: -1000, max: 1000 })), { maxLength: 40 });
    fc.assert(
      fc.property(minutes, fc.nat(40), fc.constantFrom(...metricTypes), (all, cut, type) => {
        const sorted = all.toSorted(([a], [b]) => a - b);
        const record = (part: typeof all) => {
          const time = clock('2026-01-01T00:00:00Z');
          let now = 0;
          const recorder = new Recorder(time.now);
          for (const [minute, value] of part) {
            time.go((minute - now) * 60_000);
            now = minute;
            recorder.record(type, 'm', value);
          }
          return recorder.take().get('m')?.minutes ?? new Map();
        };
        for (const resolution of resolutions) {
          const whole = coarseBuckets(type, record(sorted), resolution);
          const [early, late] = [sorted.slice(0, cut), sorted.slice(cut)].map((part) =>
            coarseBuckets(type, record(part), resolution),
          );
          expect(new Map(combineBuckets(type, early!, late!))).toEqual(new Map(whole));
        }
      }),
    );
  });
});
