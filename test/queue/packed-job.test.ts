import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { packJob, unpackJob } from '../../src/queue/packed-job.js';

const whole = new Job({
  func: 'tasks.mail.send',
  kwargs: { to: 'ada@example.org' },
  queue: 'mails',
  priority: 3,
  maxAttempts: 5,
  scheduledAt: new Date('2030-01-02T03:04:05.678Z'),
  limits: [{ t: 'time', v: 30 }],
  meta: { origin: 'web' },
  uniqueKey: 'ada',
});

describe('a packed job', () => {
  it('has the nine keys of the wire, whatever was left out', () => {
    expect(packJob(whole)).toEqual({
      f: 'tasks.mail.send',
      k: { to: 'ada@example.org' },
      p: 3,
      a: 5,
      s: 1893553445.678,
      l: [{ t: 'time', v: 30 }],
      u: 'ada',
      q: 'mails',
      m: { origin: 'web' },
    });
    expect(packJob(new Job({ func: 'f' }), () => 1500)).toEqual({
      f: 'f',
      k: {},
      p: 0,
      a: 1,
      s: 1.5,
      l: [],
      u: null,
      q: 'default',
      m: {},
    });
  });

  it('comes back as it was', () => {
    expect(unpackJob(JSON.parse(JSON.stringify(packJob(whole))))).toEqual({ ok: true, job: whole });
  });

  it('takes plain objects from JavaScript, checked', () => {
    expect(packJob({ func: 'f' } as Job).q).toBe('default');
    expect(() => packJob({ func: '' } as Job)).toThrow(/JOB_INVALID.*func/);
  });

  it('takes what Python writes: nulls for nothing, microseconds, limits that are no integers', () => {
    const packed = { f: 'f', k: null, p: 0, a: 1, s: 1700000000.123456, l: null, u: null, q: 'q', m: null };
    const unpacked = unpackJob(packed);
    expect(unpacked.ok && unpacked.job.kwargs).toEqual({});
    expect(unpacked.ok && unpacked.job.scheduledAt?.getTime()).toBe(1700000000123);
    const limited = unpackJob({ ...packed, l: [{ t: 'time', v: 0.5 }] });
    expect(limited.ok && limited.job.limits).toEqual([{ t: 'time', v: 1 }]);
  });

  it('says what is wrong with it', () => {
    const packed = packJob(whole);
    expect(unpackJob({ ...packed, s: undefined })).toMatchObject({ ok: false, reason: expect.stringMatching(/^s: /) });
    expect(unpackJob({ ...packed, l: [{ t: 'cpu', v: 1 }] })).toMatchObject({ ok: false });
    expect(unpackJob({ ...packed, a: 0 })).toMatchObject({ ok: false, reason: expect.stringContaining('maxAttempts') });
    expect(unpackJob({ ...packed, s: 1e300 })).toMatchObject({ ok: false });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(unpackJob(value).ok).toBe(false);
      }),
    );
  });
});
