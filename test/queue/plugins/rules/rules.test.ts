import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { JobRules } from '../../../../src/queue/plugins/rules/job-rules.js';
import { type Rule, RuleParameters } from '../../../../src/queue/plugins/rules/rule.js';
import { withApp } from '../../support/app.js';

const fixture = withApp();

const means = async (rule: Rule): Promise<string> => {
  const parameters = new RuleParameters();
  const condition = rule.toSql(parameters);
  const rows = await fixture.rows<{ func: string }>(
    `SELECT func FROM chancy_jobs WHERE ${condition} ORDER BY func`,
    parameters.values,
  );
  return rows.map(({ func }) => func).join('');
};

const id = (n: number): string => `03fc9681-0e6c-8d37-a0fe-00000000000${n}`;

beforeAll(async () => {
  await fixture.rows(`INSERT INTO chancy_jobs
    (id, func, queue, state, priority, attempts, max_attempts, taken_by, unique_key, created_at, scheduled_at, started_at,
     completed_at, meta, kwargs, errors)
    VALUES
    ('${id(1)}', 'a', 'mail', 'pending', 1, 0, 1, NULL, NULL, now() - interval '10 s', '2030-01-01Z', NULL, NULL,
      '{}', '{"to": {"city": "Berlin"}}', '[]'),
    ('${id(2)}', 'b', 'mail', 'failed', 5, 3, 3, 'w1', 'k%_\\x', now() - interval '1 h', '2020-01-01Z', now() - interval '50 s',
      now() - interval '20 s', '{"print": {"extent": "extruded"}}', '{"to": 7}', '[{"code": "X"}, {"code": "JOB_TIME_LIMIT"}]'),
    ('${id(3)}', 'c', 'Bulk Mail', 'succeeded', NULL, 1, 9, 'w2', 'other', now() - interval '1 h', '2020-01-01Z',
      now() - interval '40 s', NULL, 'null', '{}', 'null')`);
});

describe('rules', () => {
  it.each<[string, () => Rule, string]>([
    ['id', () => JobRules.id.eq(id(1)), 'a'],
    ['id after', () => JobRules.id.gt(id(1)), 'bc'],
    ['queue', () => JobRules.queue.eq('mail'), 'ab'],
    ['not the queue', () => JobRules.queue.ne('mail'), 'c'],
    ['queue holds', () => JobRules.queue.contains('MAIL'), 'abc'],
    ['queues', () => JobRules.queue.in(['mail', 'x']), 'ab'],
    ['no queue', () => JobRules.queue.in([]), ''],
    ['func', () => JobRules.func.gte('b'), 'bc'],
    ['state', () => JobRules.state.eq('failed'), 'b'],
    ['states', () => JobRules.state.in(['failed', 'pending']), 'ab'],
    ['priority below', () => JobRules.priority.lt(5), 'a'],
    ['priority at most', () => JobRules.priority.lte(5), 'ab'],
    ['another priority, or none', () => JobRules.priority.ne(5), 'ac'],
    ['attempts', () => JobRules.attempts.gte(1), 'bc'],
    ['attempts allowed', () => JobRules.maxAttempts.gt(3), 'c'],
    ['worker', () => JobRules.takenBy.contains('w'), 'bc'],
    ['unique key, as it is', () => JobRules.uniqueKey.contains('%_\\'), 'b'],
    ['pattern characters mean nothing', () => JobRules.uniqueKey.contains('o%r'), ''],
    ['pushed', () => JobRules.createdAt.gt(new Date(Date.now() - 60_000)), 'a'],
    ['due', () => JobRules.scheduledAt.eq(new Date('2030-01-01T00:00:00Z')), 'a'],
    ['started', () => JobRules.startedAt.lt(new Date()), 'bc'],
    ['completed', () => JobRules.completedAt.lte(new Date()), 'b'],
    ['older', () => JobRules.age.gt(60), 'bc'],
    ['at least as old', () => JobRules.age.gte(60), 'bc'],
    ['younger', () => JobRules.age.lt(60), 'a'],
    ['at most as old', () => JobRules.age.lte(60), 'a'],
    ['ended, or as much as is known of it', () => JobRules.endedAge.gt(30), 'c'],
    ['error', () => JobRules.errorCode.eq('JOB_TIME_LIMIT'), 'b'],
    ['another error, or none', () => JobRules.errorCode.ne('JOB_TIME_LIMIT'), 'ac'],
    ['meta', () => JobRules.meta('print', 'extent').eq('extruded'), 'b'],
    ['kwargs', () => JobRules.kwargs('to', 'city').contains('berl'), 'a'],
    ['kwargs that are no object', () => JobRules.kwargs('to').eq('7'), 'b'],
    ['both', () => JobRules.queue.eq('mail').and(JobRules.age.gt(60)), 'b'],
    ['either', () => JobRules.state.eq('succeeded').or(JobRules.state.eq('failed'), JobRules.func.eq('a')), 'abc'],
    [
      'and before or, as they were put together',
      () => JobRules.func.eq('a').or(JobRules.func.eq('b')).and(JobRules.state.eq('failed')),
      'b',
    ],
    ['neither true nor false is no', () => JobRules.completedAt.gt(new Date(0)), 'b'],
    ['but not not', () => JobRules.completedAt.gt(new Date(0)).not(), 'ac'],
  ])('mean %s', async (_name, rule, funcs) => {
    expect(await means(rule())).toBe(funcs);
  });

  it('can be used again and again, beside other values', () => {
    const rule = JobRules.queue.eq('mail').or(JobRules.queue.eq('print'));
    const parameters = new RuleParameters(['first']);
    expect(rule.toSql(parameters)).toBe('(queue = $2::text OR queue = $3::text)');
    expect(rule.not().toSql(parameters)).toBe('((queue = $4::text OR queue = $5::text)) IS NOT TRUE');
    expect(parameters.values).toEqual(['first', 'mail', 'print', 'mail', 'print']);
    expect(JobRules.queue.eq('mail').not().toSql(new RuleParameters())).toBe('(queue = $1::text) IS NOT TRUE');
  });

  it('take any text as a text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        if (/\0|\p{Surrogate}/u.test(text)) {
          expect(() => JobRules.func.eq(text)).toThrow('RULE_INVALID');
          expect(() => JobRules.func.contains(text)).toThrow('RULE_INVALID');
          return;
        }
        const parameters = new RuleParameters([`x${text}y`]);
        const condition = JobRules.func.contains(text).toSql(parameters);
        const [row] = await fixture.rows<{ hit: boolean; miss: boolean }>(
          `SELECT ${condition} AS hit, ${condition.replace('func', "'z'")} AS miss FROM (SELECT $1::text AS func) AS job`,
          parameters.values,
        );
        expect(row?.miss).toBe(text === '' || text.toLowerCase() === 'z');
        expect(row?.hit).toBe(true);
      }),
      { numRuns: 100, examples: [['\0'], ['\ud800'], ['%_\\']] },
    );
  });

  it.each<[string, () => unknown, string]>([
    ['a state', () => JobRules.state.eq('done' as never), 'RULE_INVALID: The rule cannot be used: state: '],
    ['an id', () => JobRules.id.eq('7'), 'id: is not a job id'],
    ['a time', () => JobRules.createdAt.lt('now' as never), 'createdAt: '],
    ['an integer', () => JobRules.priority.gt(2 ** 31), 'priority: '],
    ['a text', () => JobRules.queue.contains(7 as never), 'queue: contains needs a text'],
    ['one of many', () => JobRules.queue.in(['a', 'b\0']), 'queue: holds a NUL character'],
    ['an age', () => JobRules.age.gt(Infinity), 'age: '],
    ['a value in meta', () => JobRules.meta('a', 'b').eq(null as never), 'meta.a.b: '],
  ])('refuse what is not %s', (_name, make, words) => {
    expect(make).toThrow(words);
  });
});
