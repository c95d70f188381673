import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProcessExecutor } from '../../../src/executors/process/process-executor.js';
import { processRowOptions, processSettings } from '../../../src/executors/process/process-options.js';
import { ThreadExecutor } from '../../../src/executors/thread/thread-executor.js';
import { threadRowRoots, threadSettings } from '../../../src/executors/thread/thread-options.js';
import { recordingContext } from '../../contracts/executor-jobs.js';

describe('options of executors with threads and processes', () => {
  it('allow nothing by themselves', () => {
    expect(threadSettings({})).toEqual({
      name: 'ThreadExecutor',
      roots: [],
      functions: {},
      graceMs: 1000,
      idleMs: 60_000,
    });
    expect(processSettings({})).toMatchObject({
      name: 'ProcessExecutor',
      roots: [],
      functions: {},
      maximumJobsPerWorker: 100,
    });
  });

  it('name the class', () => {
    expect(ThreadExecutor.with({ name: 'Slicing' }).name).toBe('Slicing');
    expect(ProcessExecutor.with({}).name).toBe('ProcessExecutor');
  });

  it.each<[string | URL, string, string]>([
    ['jobs/mail.js#send', resolve('jobs/mail.js'), 'send'],
    ['/a#b/mail.js#default', '/a#b/mail.js', 'default'],
    [new URL('file:///a%20b/mail.js#send'), '/a b/mail.js', 'send'],
    [new URL('file:///mail.js#sénd'), '/mail.js', 'sénd'],
  ])('take the function %s', (given, file, exportName) => {
    expect(threadSettings({ functions: { f: given } }).functions).toEqual({ f: { file, exportName } });
  });

  it.each<[string, unknown]>([
    ['no export', { functions: { f: 'mail.js' } }],
    ['an empty export', { functions: { f: 'mail.js#' } }],
    ['no module', { functions: { f: '#send' } }],
    ['what is no name', { functions: { f: new URL('file:///mail.js#%E0%A4%A') } }],
    ['a URL of another kind', { functions: { f: new URL('https://example.org/mail.js#send') } }],
    ['a function', { functions: { f: () => 1 } }],
    ['a misspelt option', { root: ['.'] }],
    ['a negative grace', { graceMs: -1 }],
    ['no class name', { name: 'a b' }],
  ])('refuse %s', (_what, given) => {
    expect(() => threadSettings(given as never)).toThrow(/^CONFIG_INVALID: [^]*ThreadExecutor options/);
    expect(() => processSettings(given as never)).toThrow(/^CONFIG_INVALID: [^]*ProcessExecutor options/);
  });

  it.each([{ maximumJobsPerWorker: 0 }, { maximumJobsPerWorker: 1.5 }, { env: { A: 1 } }])('refuse %j', (given) => {
    expect(() => processSettings(given as never)).toThrow(/CONFIG_INVALID/);
  });

  it('take from a row what narrows or sizes, and refuse all else', () => {
    expect(threadRowRoots('q', { roots: ['mail'] })).toEqual(['mail']);
    expect(processRowOptions('q', {})).toEqual({ roots: undefined, maximumJobsPerWorker: undefined });
    expect(processRowOptions('q', { maximum_jobs_per_worker: 5 }).maximumJobsPerWorker).toBe(5);
    expect(processRowOptions('q', { maximumJobsPerWorker: 6, maximum_jobs_per_worker: 5 }).maximumJobsPerWorker).toBe(
      6,
    );
    for (const row of [
      { functions: { f: '/x.js#y' } },
      { execArgv: ['-r', 'x'] },
      { env: {} },
      { maximumJobsPerWorker: -1 },
    ]) {
      const context = recordingContext({ options: row });
      expect(() => new ThreadExecutor(context)).toThrow(/QUEUE_INVALID/);
      expect(() => new ProcessExecutor(context)).toThrow(/QUEUE_INVALID/);
    }
  });
});
