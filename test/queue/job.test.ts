import { describe, expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { Limit } from '../../src/queue/limit.js';

const withField = (field: string, value: unknown): (() => Job) => {
  const options = { func: 'a.b', [field]: value };
  return () => new Job(options);
};

const fields = (job: Job): object => Object.fromEntries(Object.entries(job));

describe('Job', () => {
  it('has Chancy’s defaults', () => {
    expect(fields(new Job({ func: 'tasks.run' }))).toEqual({
      func: 'tasks.run',
      kwargs: {},
      queue: 'default',
      priority: 0,
      maxAttempts: 1,
      scheduledAt: undefined,
      limits: [],
      meta: {},
      uniqueKey: null,
    });
  });

  it('is changed by with… into another job, each field', () => {
    const job = new Job({ func: 'a.b', kwargs: { x: 1 } });
    const at = new Date('2030-01-01T00:00:00.000Z');
    const other = job
      .withFunc('c.d')
      .withKwargs({ y: [2] })
      .withQueue('printers')
      .withPriority(-3)
      .withMaxAttempts(4)
      .withScheduledAt(at)
      .withLimits([Limit.time(1.5), Limit.memory(1024)])
      .withMeta({ z: null })
      .withUniqueKey('k');
    expect(fields(other)).toEqual({
      func: 'c.d',
      kwargs: { y: [2] },
      queue: 'printers',
      priority: -3,
      maxAttempts: 4,
      scheduledAt: at,
      limits: [
        { t: 'time', v: 2 },
        { t: 'memory', v: 1024 },
      ],
      meta: { z: null },
      uniqueKey: 'k',
    });
    expect(fields(job)).toEqual(fields(new Job({ func: 'a.b', kwargs: { x: 1 } })));
    expect(other.withScheduledAt(undefined).scheduledAt).toBeUndefined();
    expect(other.withUniqueKey(null).uniqueKey).toBeNull();
  });

  it('does not change when what it was made of does', () => {
    const kwargs = { list: [{ x: 1 }] };
    const at = new Date('2030-01-01');
    const limits = [{ t: 'time' as const, v: 1 }];
    const job = new Job({ func: 'a.b', kwargs, scheduledAt: at, limits });
    kwargs.list[0]!.x = 2;
    at.setFullYear(1999);
    limits[0]!.v = 9;
    limits.pop();
    expect(job.kwargs).toEqual({ list: [{ x: 1 }] });
    expect(job.scheduledAt?.getUTCFullYear()).toBe(2030);
    expect(job.limits).toEqual([{ t: 'time', v: 1 }]);
    expect(() => {
      (job as { func: string }).func = 'c.d';
    }).toThrow(TypeError);
    expect(() => {
      (job.kwargs['list'] as unknown[]).push(1);
    }).toThrow(TypeError);
  });

  it('leaves out kwargs that are undefined, as JSON does', () => {
    expect(new Job({ func: 'a.b', kwargs: { x: undefined, y: 1 } }).kwargs).toEqual({ y: 1 });
  });

  it.each([
    ['func', ''],
    ['func', 'a\0b'],
    ['func', undefined],
    ['func', 'half \uD800'],
    ['queue', ''],
    ['queue', 'q'.repeat(235)],
    ['queue', 7],
    ['priority', 2 ** 31],
    ['priority', 0.5],
    ['priority', null],
    ['maxAttempts', 0],
    ['maxAttempts', 2 ** 31],
    ['scheduledAt', new Date(Number.NaN)],
    ['scheduledAt', new Date(8.64e15)],
    ['scheduledAt', '2030-01-01'],
    ['uniqueKey', ''],
    ['uniqueKey', '\0'],
    ['kwargs', []],
    ['kwargs', null],
    ['kwargs', 'x'],
    ['meta', [1]],
    ['limits', {}],
  ])('refuses %s: %j, by name', (field, value) => {
    expect(withField(field, value)).toThrow(new RegExp(`^JOB_INVALID: .*${field}`));
  });

  it('refuses options that it does not know', () => {
    expect(withField('maxattempts', 3)).toThrow(/JOB_INVALID.*maxattempts/);
  });

  it('[!] refuses limits of another kind, or without t or v, which end the queue on every Python worker', () => {
    for (const limit of [
      { t: 'cpu', v: 1 },
      { v: 1 },
      { t: 'time' },
      { t: 'time', v: '1' },
      { t: 'time', v: 1, x: 1 },
      7,
    ]) {
      expect(withField('limits', [limit])).toThrow(/JOB_INVALID.*limits\.0/);
    }
    expect(withField('limits', [{ t: 'time', v: 0 }])).toThrow(/limits\.0\.v/);
    expect(withField('limits', [{ t: 'memory', v: 1.5 }])).toThrow(/limits\.0\.v/);
  });

  it('[!] refuses a func that does not fit the metrics key of Python’s plugin', () => {
    expect('job:'.length + 236 + ':execution_time'.length).toBe(255);
    expect(new Job({ func: 'f'.repeat(236) }).func).toHaveLength(236);
    expect(withField('func', 'f'.repeat(237))).toThrow('func: is longer than 236 characters');
    // Postgres counts characters, JavaScript UTF-16 units.
    expect(new Job({ func: '🖨'.repeat(236) }).func).toHaveLength(472);
  });
});
