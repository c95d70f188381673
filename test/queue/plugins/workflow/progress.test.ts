import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StepState, progressOf } from '../../../../src/queue/plugins/workflow/progress.js';

const step = (stepId: string, dependencies: unknown, state: string | null = null, more: Partial<StepState> = {}) => ({
  stepId,
  dependencies,
  state,
  jobId: state === null ? null : `job of ${stepId}`,
  ...more,
});

describe('the progress of a workflow', () => {
  it('starts what waits for nothing, and then what waits for what has succeeded', () => {
    expect(progressOf([step('a', []), step('b', ['a']), step('c', [])])).toEqual({ start: ['a', 'c'] });
    expect(progressOf([step('a', [], 'running'), step('b', ['a'])])).toEqual({ start: [] });
    expect(progressOf([step('a', [], 'retrying'), step('b', ['a'])])).toEqual({ start: [] });
    const joined = [step('a', [], 'succeeded'), step('b', [], 'running'), step('c', ['a']), step('d', ['a', 'b'])];
    expect(progressOf(joined)).toEqual({ start: ['c'] });
  });

  it('ends when all have succeeded, or one has failed', () => {
    expect(progressOf([step('a', [], 'succeeded'), step('b', ['a'], 'succeeded')])).toEqual({
      end: { state: 'completed' },
    });
    expect(progressOf([step('a', []), step('b', [], 'failed', { error: 'boom' })])).toEqual({
      end: { state: 'failed', reason: 'b: its job job of b failed: boom' },
    });
    expect(progressOf([step('b', [], 'failed')])).toEqual({
      end: { state: 'failed', reason: 'b: its job job of b failed' },
    });
  });

  it('is a failure with a reason where it could only hang', () => {
    const reason = (steps: readonly StepState[]): unknown => {
      const progress = progressOf(steps);
      return 'end' in progress && progress.end.state === 'failed' ? progress.end.reason : undefined;
    };
    expect(reason([])).toBe('has no steps');
    expect(reason([step('a', [], null, { jobId: '7' }), step('b', ['a'])])).toBe('a: its job 7 is gone');
    expect(reason([step('a', ['z'])])).toBe('steps.a: waits for z, which is not a step');
    expect(reason([step('a', ['b']), step('b', ['a'])])).toBe('steps.a: waits for itself: a -> b -> a');
    expect(reason([step('a', { b: 1 })])).toBe('a: its dependencies are not a list of steps');
  });

  it('brings any graph without circles to its end, each step once and after its dependencies', () => {
    const graphs = fc
      .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 15 })
      .map((rows) => rows.map((row, at) => (at === 0 ? [] : [...new Set(row.map((n) => `s${n % at}`))])));
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (graph, chance) => {
        const states = new Map<string, string | null>(graph.map((_row, at) => [`s${at}`, null]));
        for (;;) {
          const progress = progressOf(graph.map((row, at) => step(`s${at}`, row, states.get(`s${at}`) ?? null)));
          if ('end' in progress) {
            expect(progress.end.state).toBe('completed');
            return;
          }
          for (const id of progress.start) {
            expect(states.get(id)).toBeNull();
            for (const below of graph[Number(id.slice(1))]!) expect(states.get(below)).toBe('succeeded');
            states.set(id, 'running');
          }
          const running = [...states].filter(([, state]) => state === 'running').map(([id]) => id);
          states.set(running[chance.next().value! % running.length]!, 'succeeded');
        }
      }),
    );
  });
});
