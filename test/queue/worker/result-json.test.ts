import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { isDataError } from '../../../src/queue/worker/data-error.js';
import { storedJobError, thrownJobError } from '../../../src/queue/worker/job-error.js';
import { jsonText } from '../../../src/queue/worker/json-text.js';
import { metaText, resultText, runResult } from '../../../src/queue/worker/run-result.js';

const time = new Date('2026-01-02T03:04:05.678Z');
const fetched: QueuedJob = {
  id: '03fc9681-0e6c-8d37-a0fe-d3feb638167d',
  queue: 'q',
  func: 'f',
  kwargs: {},
  limits: [],
  meta: { kept: 1 },
  state: 'running',
  priority: 0,
  attempts: 1,
  maxAttempts: 3,
  takenBy: 'w',
  uniqueKey: null,
  createdAt: time,
  startedAt: time,
  completedAt: null,
  scheduledAt: time,
  errors: [{ traceback: 'first', attempt: 0 }],
};
const ended = (changes: object): Parameters<typeof runResult>[1] => ({
  ...fetched,
  attempts: 2,
  state: 'failed',
  ...changes,
});

describe('jsonText', () => {
  it('writes what jsonb takes', () => {
    const value = { a: 'x\0y', ['k\0']: '\ud800', b: NaN, c: -Infinity, d: 12n, e: '\\u0000', f: '😀', g: undefined };
    expect(jsonText(value)).toBe(
      String.raw`{"a":"x\ufffdy","k\ufffd":"\ufffd","b":null,"c":null,"d":"12","e":"\\u0000","f":"😀"}`,
    );
  });

  it('never holds an escape that jsonb refuses, and changes nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const expected = text.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd');
        expect(JSON.parse(jsonText({ [text]: [text] }) ?? '')).toEqual({ [expected]: [expected] });
      }),
    );
  });

  it('is undefined for what JSON cannot say', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(jsonText(cycle)).toBeUndefined();
    expect(jsonText(() => 1)).toBeUndefined();
    expect(
      jsonText({
        toJSON: () => {
          throw new Error('no');
        },
      }),
    ).toBeUndefined();
  });
});

describe('metaText', () => {
  it('takes objects only', () => {
    expect(metaText({ a: 1 })).toBe('{"a":1}');
    for (const meta of [null, undefined, [], 'text', 5, { toJSON: () => 5 }, { long: 'x'.repeat(9_000_000) }]) {
      expect(metaText(meta)).toBeUndefined();
    }
  });
});

describe('runResult', () => {
  it('leaves alone what was not changed', () => {
    const { result, metaFault } = runResult(fetched, ended({ state: 'succeeded' }));
    expect(metaFault).toBeUndefined();
    expect(JSON.parse(resultText(result))).toEqual({
      id: fetched.id,
      was: 1,
      attempts: 2,
      state: 'succeeded',
      errors: [],
    });
  });

  it('writes what was changed', () => {
    const later = new Date(time.getTime() + 1000);
    const { result } = runResult(
      fetched,
      ended({
        meta: { a: 'b' },
        scheduledAt: later,
        maxAttempts: 9,
        errors: [...fetched.errors, { traceback: 't', attempt: 1, code: 'C' }],
      }),
    );
    expect(JSON.parse(resultText(result))).toEqual({
      id: fetched.id,
      was: 1,
      attempts: 2,
      state: 'failed',
      scheduled_at: later.toISOString(),
      max_attempts: 9,
      meta: { a: 'b' },
      errors: [{ traceback: 't', attempt: 1, code: 'C' }],
    });
  });

  it('counts the run whatever the executor says', () => {
    expect(runResult(fetched, ended({ attempts: 0 })).result.attempts).toBe(2);
    expect(runResult(fetched, ended({ attempts: NaN })).result.attempts).toBe(2);
    expect(runResult(fetched, ended({ attempts: 7.9 })).result.attempts).toBe(7);
    expect(runResult(fetched, ended({ attempts: 1e12 })).result.attempts).toBe(2 ** 31 - 1);
  });

  it.each([undefined, 'soon', new Date(NaN), new Date(8e15), new Date(-8e15)])(
    'takes no due time %s',
    (scheduledAt) => {
      expect(runResult(fetched, ended({ scheduledAt })).result.scheduledAt).toBeUndefined();
    },
  );

  it('does without errors and numbers that are none', () => {
    const { result } = runResult(fetched, ended({ errors: null, maxAttempts: 'many' }));
    expect(result).toMatchObject({ errors: [], maxAttempts: undefined });
  });

  it('says when meta cannot be stored', () => {
    const { result, metaFault } = runResult(fetched, ended({ meta: [] }));
    expect(result.meta).toBeUndefined();
    expect(metaFault).toContain('meta');
  });
});

describe('thrownJobError', () => {
  it('has the stacks of the error, its causes and those it gathers', () => {
    const error = new SpoolgateError('PORT_BUSY', { cause: new AggregateError([new Error('one'), 'two'], 'several') });
    const entry = thrownJobError(error, 4);
    expect(entry).toMatchObject({ attempt: 4, code: 'PORT_BUSY', message: error.message });
    for (const text of ['job-error', 'Caused by: AggregateError: several', 'One of: Error: one', 'One of: two']) {
      expect(entry.traceback).toContain(text === 'job-error' ? 'result-json.test' : text);
    }
  });

  it('stops at causes that go in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(thrownJobError(error, 0).traceback.match(/Caused by/g)).toHaveLength(10);
  });

  it('cuts what is too long for a row', () => {
    const entry = thrownJobError(new Error('x'.repeat(1_000_000)), 0);
    expect(entry.traceback.length).toBeLessThan(66_000);
    expect(entry.message?.length).toBeLessThan(9000);
  });

  const hostile = new Proxy(new Error('hidden'), {
    get: () => {
      throw new Error('no');
    },
  });
  it.each([
    ['text'],
    [undefined],
    [null],
    [{ a: 1 }],
    [Symbol('s')],
    [hostile],
    [Object.assign(new Error('m'), { stack: 5, message: 6, code: 7 })],
  ])('makes an entry of anything', (thrown) => {
    const entry = thrownJobError(thrown, 0);
    expect(typeof entry.traceback).toBe('string');
    expect(typeof entry.message).toBe('string');
    expect(JSON.parse(jsonText(entry) ?? '')).toBeTruthy();
  });
});

describe('storedJobError', () => {
  it('keeps the fields of an entry and no others, as texts and numbers', () => {
    const odd = { traceback: { deep: 1 }, attempt: 'x', code: 5, message: 'm', extra: 1 };
    expect(storedJobError(odd as never)).toEqual({ traceback: '{ deep: 1 }', attempt: 0, code: '5', message: 'm' });
    expect(storedJobError(null as never)).toEqual({ traceback: 'undefined', attempt: 0 });
  });
});

describe('isDataError', () => {
  it.each([
    ['22P02', true],
    ['23505', true],
    ['P0001', true],
    ['40P01', false],
    ['53100', false],
    ['25006', false],
    ['57P01', false],
    ['ECONNRESET', false],
    ['ERR_STRING_TOO_LONG', true],
  ])('%s: %s', (code, expected) => {
    expect(isDataError(Object.assign(new Error('x'), { code }))).toBe(expected);
  });

  it('blames the values for errors that are not the database’s', () => {
    expect(isDataError(new RangeError('Invalid string length'))).toBe(true);
    expect(isDataError(undefined)).toBe(true);
  });
});
