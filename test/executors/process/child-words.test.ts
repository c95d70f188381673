import { describe, expect, it } from 'vitest';
import { childDeath } from '../../../src/executors/process/child-death.js';
import { inheritedOptions } from '../../../src/executors/process/inherited-options.js';
import { signalGroup } from '../../../src/executors/process/process-group.js';

const end = { code: null, signal: null, stderr: '' };

describe('what is said of a process that died', () => {
  it.each([
    [{ ...end, code: 3 }, undefined, 'RUNNER_DIED', /: its process exited with code 3$/],
    [{ ...end, signal: 'SIGSEGV' as const, stderr: 'oh' }, 5, 'RUNNER_DIED', /ended by SIGSEGV; its last words: oh$/],
    [
      { ...end, signal: 'SIGKILL' as const },
      undefined,
      'RUNNER_DIED',
      /SIGKILL, as the system does when memory runs out$/,
    ],
    [{ ...end, error: new Error('EAGAIN') }, undefined, 'RUNNER_DIED', /no process could be started$/],
    [
      { ...end, signal: 'SIGABRT' as const, stderr: 'JavaScript heap out of memory' },
      5,
      'JOB_MEMORY_LIMIT',
      /: 5 bytes of heap$/,
    ],
    [{ ...end, code: 134, stderr: 'JavaScript heap out of memory' }, undefined, 'JOB_MEMORY_LIMIT', /heap is full$/],
    [{ ...end, code: 1, stderr: 'heap out of memory' }, undefined, 'RUNNER_DIED', /exited with code 1/],
    [{ ...end, signal: 'SIGABRT' as const }, 5, 'RUNNER_DIED', /ended by SIGABRT$/],
  ])('%j with a limit of %s is %s', (ended, memoryBytes, code, words) => {
    const error = childDeath(ended, memoryBytes);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
  });
});

describe('inheritedOptions', () => {
  it('keeps loaders and flags, and leaves out the program and the ports of the parent', () => {
    const own = ['--import', 'tsx', '--max-old-space-size=4096', '--conditions', 'x'];
    const parents = [
      '--inspect=9229',
      '--inspect-brk',
      '--watch',
      '--input-type=module',
      '-e',
      'code',
      '--eval',
      'code',
      '-c',
    ];
    expect(inheritedOptions([...own, ...parents])).toEqual(own);
    expect(inheritedOptions([])).toEqual([]);
  });
});

it('signals no group that is not there', () => {
  expect(() => signalGroup(2 ** 22 + 1, 'SIGTERM')).not.toThrow();
});
