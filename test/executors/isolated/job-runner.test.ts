import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { JobRunner } from '../../../src/executors/isolated/job-runner.js';
import type { RunReport } from '../../../src/executors/isolated/messages.js';
import { taskRoot } from './task-root.js';

const file = fileURLToPath(new URL('run-tasks.ts', import.meta.url));

describe('JobRunner', () => {
  const runner = (func: string, kwargs: Record<string, unknown> = {}) => {
    const reports: RunReport[] = [];
    const job = { id: 'j', queue: 'q', func, kwargs, meta: {}, attempts: 1, maxAttempts: 3 };
    const functions = { registered: { file, exportName: 'look' }, missing: { file, exportName: 'nothing' } };
    const allowed = { roots: [taskRoot], rowRoots: undefined, functions };
    return { reports, runner: new JobRunner({ job, allowed }, (report) => reports.push(report)) };
  };

  it.each(['registered', 'run-tasks.look', './run-tasks.ts#look'])('runs %s and tells begin and end', async (func) => {
    const { reports, runner: subject } = runner(func, { a: 1 });
    const end = await subject.end();
    expect(reports).toEqual([{ kind: 'begun', threadId: 0 }]);
    expect(end).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'succeeded' },
      meta: { seen: { kwargs: { a: 1 }, attempt: 2 } },
    });
  });

  it.each([
    ['missing', 'FUNCTION_UNKNOWN'],
    ['toString', 'FUNCTION_UNKNOWN'],
    ['run-tasks.nothing', 'FUNCTION_UNKNOWN'],
    ['../secret.js#run', 'FUNCTION_NOT_ALLOWED'],
  ])('fails %s with %s', async (func, code) => {
    expect(await runner(func).runner.end()).toMatchObject({ outcome: { kind: 'failed', error: { code, attempt: 1 } } });
  });

  it.each<['JOB_TIME_LIMIT' | 'WORKER_STOPPING', string | undefined, object]>([
    ['JOB_TIME_LIMIT', '1 s', { kind: 'failed', error: { code: 'JOB_TIME_LIMIT' } }],
    ['WORKER_STOPPING', undefined, { kind: 'interrupted' }],
  ])('ends a function that it tells of %s', async (code, detail, outcome) => {
    const { reports, runner: subject } = runner('run-tasks.heedful');
    const end = subject.end();
    while (!reports.some(({ kind }) => kind === 'meta')) await delay(1);
    subject.abort({ kind: 'abort', code, detail });
    expect(await end).toMatchObject({ outcome, meta: { heard: code, progress: { fraction: 0 } } });
  });

  it('posts progress at once, and the last of each interval, within a function that never waits', async () => {
    const { reports, runner: subject } = runner('run-tasks.compute', { ms: 620 });
    await subject.end();
    const fractions = reports.flatMap((report) =>
      report.kind === 'meta' ? [(report.meta['progress'] as { fraction: number }).fraction] : [],
    );
    expect(fractions).toHaveLength(2);
    expect(fractions[0]).toBeLessThan(0.1);
    expect(fractions[1]).toBeGreaterThan(0.7);
  });
});
