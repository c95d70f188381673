import { describe, expect, it } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { workflowDot } from '../../../../src/queue/plugins/workflow/dot.js';
import { Sequence, Workflow } from '../../../../src/queue/plugins/workflow/workflow.js';

const job = new Job({ func: 'f' });

describe('a workflow', () => {
  it('gathers steps with what they wait for, each dependency once', () => {
    const workflow = new Workflow('night').add('a', job).add('b', job, ['a', 'a']);
    workflow.add('c', job, ['a', 'b']).check();
    expect([...workflow.steps].map(([id, { dependencies }]) => [id, dependencies])).toEqual([
      ['a', []],
      ['b', ['a']],
      ['c', ['a', 'b']],
    ]);
    expect(workflow.id).toMatch(/^0[0-9a-f]{7}-[0-9a-f]{4}-[0-9a-f]{3}7-[89ab]/);
    expect(new Workflow('night').id).not.toBe(workflow.id);
  });

  it('as a sequence makes each step wait for the one before', () => {
    const sequence = new Sequence('line', [job, job]).append(job);
    expect([...sequence.steps].map(([id, { dependencies }]) => [id, dependencies])).toEqual([
      ['step_0', []],
      ['step_1', ['step_0']],
      ['step_2', ['step_1']],
    ]);
  });

  it('takes plain objects for jobs, checked', () => {
    expect(new Workflow('w').add('a', { func: 'g' } as Job).steps.get('a')?.job.queue).toBe('default');
    expect(() => new Workflow('w').add('a', { func: '' } as Job)).toThrow(/^JOB_INVALID/);
  });

  it.each([
    ['no name', () => new Workflow(''), 'name: is empty'],
    ['a name that Postgres refuses', () => new Workflow('a\0'), 'name: holds a NUL character'],
    ['a step without an id', () => new Workflow('w').add('', job), 'stepId: is empty'],
    ['a step that is there twice', () => new Workflow('w').add('a', job).add('a', job), 'steps.a: is there twice'],
    ['an id too long for the index', () => new Workflow('w').add('a'.repeat(2501), job), 'is longer than 2500 bytes'],
    ['dependencies of another type', () => new Workflow('w').add('a', job, [1 as never]), 'dependencies.0'],
  ])('refuses %s', (_what, make, words) => {
    expect(make).toThrow(/^WORKFLOW_INVALID/);
    expect(make).toThrow(words);
  });
});

describe('W13: a workflow that would end or hang Python workers', () => {
  it.each([
    ['is empty', new Workflow('w'), 'w: has no steps'],
    [
      'names an unknown dependency',
      new Workflow('w').add('a', job, ['z']),
      'steps.a: waits for z, which is not a step',
    ],
    ['waits for itself', new Workflow('w').add('a', job, ['a']), 'steps.a: waits for itself: a -> a'],
    [
      'has a circle',
      new Workflow('w').add('x', job).add('a', job, ['x', 'c']).add('b', job, ['a']).add('c', job, ['x', 'b']),
      'steps.a: waits for itself: a -> c -> b -> a',
    ],
    [
      'has a circle that a step outside waits for',
      new Workflow('w').add('out', job, ['a']).add('a', job, ['b']).add('b', job, ['a']),
      'steps.a: waits for itself: a -> b -> a',
    ],
  ])('is refused when it %s', (_what, workflow, words) => {
    expect(() => workflow.check()).toThrow(/^WORKFLOW_INVALID/);
    expect(() => workflow.check()).toThrow(words);
  });

  it('is told from a long and a wide one', () => {
    new Sequence(
      'long',
      Array.from({ length: 20_000 }, () => job),
    ).check();
    const wide = new Workflow('wide');
    for (let layer = 0; layer < 60; layer += 1) {
      const below = layer === 0 ? [] : [`${layer - 1}.0`, `${layer - 1}.1`];
      wide.add(`${layer}.0`, job, below).add(`${layer}.1`, job, below);
    }
    wide.check();
  });
});

describe('a drawing of a workflow', () => {
  it('has a node for each step and an arrow for each dependency', () => {
    const workflow = new Workflow('my "night"').add('a', job).add('b\\', new Job({ func: 'g' }), ['a']);
    expect(workflow.toDot()).toBe(
      [
        'digraph "my \\"night\\"" {',
        '  "a" [label="a\\nf"];',
        '  "b\\\\" [label="b\\\\\\ng"];',
        '  "a" -> "b\\\\";',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('shows states by colour', () => {
    const step = (state: string | null) => ({ func: 'f', dependencies: [], state });
    const dot = workflowDot(
      'w',
      new Map([
        ['a', step('failed')],
        ['b', step(null)],
        ['c', step('odd')],
      ]),
    );
    expect(dot).toContain('"a" [label="a\\nf", style=filled, fillcolor=salmon];');
    expect(dot).toContain('"b" [label="b\\nf"];');
    expect(dot).toContain('"c" [label="c\\nf"];');
  });
});
