import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { thrownError } from '../../../src/executors/functions/thrown-error.js';
import { hostileThrows } from '../../contracts/executor-hostile-throws.js';

const thrownBy = (thrower: () => never): unknown => {
  try {
    return thrower();
  } catch (error) {
    return error;
  }
};

describe('thrownError', () => {
  it('has the stack, then the stacks of the causes', () => {
    const error = new Error('outer', { cause: new TypeError('inner', { cause: 'the root' }) });
    const { traceback, attempt, message } = thrownError(error, 2);
    expect({ attempt, message }).toEqual({ attempt: 2, message: 'outer' });
    expect(traceback).toMatch(
      /^Error: outer\n {4}at [^]*thrown-error\.test[^]*\nCaused by: TypeError: inner\n {4}at [^]*\nCaused by: Thrown: 'the root'$/,
    );
  });

  it('has no code unless the error is of the table', () => {
    expect(thrownError(Object.assign(new Error('x'), { code: 'CANCELLED' }), 0)).not.toHaveProperty('code');
    expect(thrownError(new SpoolgateError('JOB_TIME_LIMIT', { detail: '5 s' }), 0)).toMatchObject({
      code: 'JOB_TIME_LIMIT',
      message: 'JOB_TIME_LIMIT: The job ran longer than its time limit: 5 s',
    });
  });

  it('shows the errors that an AggregateError gathers, eight at most', () => {
    const error = new AggregateError(
      Array.from({ length: 10 }, (_, index) => new Error(`part ${index}`)),
      'all failed',
    );
    const { traceback } = thrownError(error, 0);
    for (let index = 0; index < 8; index += 1) expect(traceback).toContain(`  - Error: part ${index}\n`);
    expect(traceback).not.toContain('part 8');
    expect(traceback).toContain('  - (2 more)');
  });

  it('knows errors of other realms', () => {
    const { traceback, message } = thrownError(runInNewContext('new RangeError("elsewhere")'), 0);
    expect(message).toBe('elsewhere');
    expect(traceback).toMatch(/^RangeError: elsewhere\n/);
  });

  it('falls back to the message where there is no stack', () => {
    expect(thrownError(Object.assign(new Error('bare'), { stack: '' }), 0).traceback).toBe('bare');
  });

  it('shows what is thrown and is no error', () => {
    expect(thrownError({ status: 404 }, 0)).toEqual({
      traceback: 'Thrown: { status: 404 }',
      attempt: 0,
      message: '{ status: 404 }',
    });
    expect(thrownError('text', 0)).toEqual({ traceback: "Thrown: 'text'", attempt: 0, message: 'text' });
  });

  it('does not run the own inspection of what is thrown', () => {
    let inspected = false;
    const sly = {
      [Symbol.for('nodejs.util.inspect.custom')]: () => {
        inspected = true;
        return 'sly';
      },
    };
    thrownError(sly, 0);
    expect(inspected).toBe(false);
  });

  it.each(Object.keys(hostileThrows))('survives: %s', (label) => {
    const { traceback, message } = thrownError(thrownBy(hostileThrows[label]!), 0);
    for (const text of [traceback, message!]) {
      expect(text).not.toMatch(/\0|\p{Surrogate}/u);
      expect(text.length).toBeLessThan(17_000);
    }
    expect(traceback).not.toBe('');
  });

  it('cuts a circle of causes short', () => {
    const error = new Error('circular');
    error.cause = error;
    expect(thrownError(error, 0).traceback.match(/circular/g)).toHaveLength(2);
  });

  it('cuts a bush of errors short', () => {
    let error = new AggregateError([], 'twig');
    for (let level = 0; level < 100; level += 1) {
      const branch = error;
      error = Object.assign(
        new AggregateError(
          Array.from({ length: 20 }, () => branch),
          'fork',
        ),
        { stack: 'fork' },
      );
    }
    const started = performance.now();
    expect(thrownError(error, 0).traceback).toContain('(more errors are not shown)');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (thrown) => {
        const error = thrownError(thrown, 1);
        return typeof error.traceback === 'string' && error.attempt === 1 && !/\0|\p{Surrogate}/u.test(error.traceback);
      }),
    );
  });
});
