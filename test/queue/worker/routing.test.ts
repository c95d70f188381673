import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { Routing } from '../../../src/queue/worker/routing.js';
import { workerTags } from '../../../src/queue/worker/tags.js';

describe('workerTags', () => {
  it('has what a Python worker has, but for python=, then the user’s, each once', () => {
    const tags = workerTags('w-1', ['has=gpu', 'runtime=node', 'has=gpu']);
    expect(tags).toEqual([
      '*',
      `hostname=${os.hostname()}`,
      'worker_id=w-1',
      `os=${os.type()}`,
      `arch=${os.machine()}`,
      'runtime=node',
      'has=gpu',
    ]);
  });
});

describe('Routing', () => {
  const routing = new Routing(['*', 'runtime=node', 'has=gpu2', `slow=${'a'.repeat(60)}b`]);
  const serves = (...patterns: string[]): { serves: boolean; faults: string[] } => {
    const faults: string[] = [];
    return { serves: routing.serves(patterns, (reason) => faults.push(reason)), faults };
  };

  it('matches any pattern on any tag, from the start and not to the end', () => {
    expect(serves('runtime=node')).toEqual({ serves: true, faults: [] });
    expect(serves('nothing', 'has=gpu')).toEqual({ serves: true, faults: [] });
    expect(serves('gpu')).toEqual({ serves: false, faults: [] });
    expect(serves('.*')).toEqual({ serves: true, faults: [] });
    expect(serves()).toEqual({ serves: false, faults: [] });
  });

  it('[!] passes over a tag that is no Python pattern, and still tries the others', () => {
    const verdict = serves('*', 'runtime=.*');
    expect(verdict.serves).toBe(true);
    expect(verdict.faults).toEqual([expect.stringContaining('tags: "*": nothing for * to repeat')]);
    expect(serves('(').serves).toBe(false);
  });

  it('[!] does not hang on a pattern that backtracks for ever', () => {
    const verdict = serves('slow=(a+)+$');
    expect(verdict).toEqual({ serves: false, faults: [expect.stringContaining('cannot be matched')] });
    // The verdict is kept.
    expect(serves('slow=(a+)+$').faults).toHaveLength(1);
  });

  it('keeps its verdicts within bounds', () => {
    for (let each = 0; each < 1100; each += 1) expect(serves(`runtime=node|${each}`).serves).toBe(true);
  });
});
