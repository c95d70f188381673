import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowedModules, rowRoots } from '../../../src/executors/module/module-options.js';

describe('allowedModules', () => {
  it('allows nothing by default', () => {
    expect(allowedModules({})).toEqual({ name: 'ModuleExecutor', roots: [], functions: new Map(), graceMs: 1000 });
  });

  it('makes roots absolute', () => {
    expect(allowedModules({ roots: ['tasks', new URL('file:///srv/tasks/')] }).roots).toEqual([
      resolve('tasks'),
      '/srv/tasks',
    ]);
  });

  it.each([
    [{ root: ['tasks'] }, /root/],
    [{ roots: 'tasks' }, /roots/],
    [{ roots: [''] }, /roots/],
    [{ roots: [new URL('https://example.org/tasks')] }, /roots/],
    [{ functions: { send: 'tasks.mail.send' } }, /functions\.send/],
    [{ functions: { '': () => 1 } }, /functions/],
    [{ graceMs: -1 }, /graceMs/],
    [{ graceMs: Number.NaN }, /graceMs/],
    [{ name: 'no name' }, /name/],
  ])('refuses %j, naming the field', (options, field) => {
    const allow = (): unknown => allowedModules(options as never);
    expect(allow).toThrow(/^CONFIG_INVALID/);
    expect(allow).toThrow(field);
  });
});

describe('rowRoots', () => {
  it('takes roots or nothing', () => {
    expect(rowRoots('mail', {})).toBeUndefined();
    expect(rowRoots('mail', { roots: ['a', '/b'] })).toEqual(['a', '/b']);
    expect(rowRoots('mail', { roots: [] })).toEqual([]);
  });

  it.each([
    { root: ['a'] },
    { roots: 'a' },
    { roots: [1] },
    { roots: [''] },
    { roots: null },
    { functions: {} },
    { graceMs: 5 },
  ])('refuses %j, naming the queue', (options) =>
    expect(() => rowRoots('mail', options)).toThrow(/^QUEUE_INVALID.*executor_options of "mail"/),
  );
});
