import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/queue/executor.js';
import { Queue } from '../../src/queue/queue.js';

class EchoExecutor extends Executor {
  push(): Promise<void> {
    return Promise.resolve();
  }
}

const withField = (field: string, value: unknown): (() => Queue) => {
  const options = { name: 'q', [field]: value };
  return () => new Queue(options);
};

const processExecutor = 'chancy.executors.process.ProcessExecutor';

describe('Queue', () => {
  it('has Chancy’s defaults, but for the executor', () => {
    expect(Object.fromEntries(Object.entries(new Queue({ name: 'printers' })))).toEqual({
      name: 'printers',
      concurrency: null,
      tags: ['runtime=node'],
      state: 'active',
      executor: 'spoolgate.ModuleExecutor',
      executorClass: undefined,
      executorOptions: {},
      pollingInterval: 5,
      rateLimit: null,
      rateLimitWindow: null,
      resumeAt: null,
      eagerPolling: false,
    });
  });

  it('is named after its executor’s class', () => {
    const queue = new Queue({ name: 'q', executor: EchoExecutor });
    expect(queue.executor).toBe('spoolgate.EchoExecutor');
    expect(queue.executorClass).toBe(EchoExecutor);
    expect(withField('executor', (() => class extends EchoExecutor {})())).toThrow(/executor: the class has no name/);
  });

  it('cannot be changed', () => {
    const queue = new Queue({ name: 'q' });
    expect(() => (queue.tags as string[]).push('.*')).toThrow(TypeError);
    expect(() => {
      (queue as { name: string }).name = 'r';
    }).toThrow(TypeError);
  });

  it.each([
    ['name', ''],
    ['name', 'n'.repeat(235)],
    ['name', 'a\0'],
    ['concurrency', 0],
    ['concurrency', 1.5],
    ['concurrency', 2 ** 31],
    ['executor', ''],
    ['executor', 7],
    ['pollingInterval', 0],
    ['pollingInterval', null],
    ['rateLimit', 0],
    ['resumeAt', new Date(Number.NaN)],
    ['eagerPolling', 1],
    ['executor_options', {}],
  ])('refuses %s: %j, by name', (field, value) => {
    expect(withField(field, value)).toThrow(new RegExp(`^QUEUE_INVALID: .*${field}`));
  });

  it('[!] refuses a state other than active and paused, which raises in every Python worker', () => {
    expect(withField('state', 'draining')).toThrow(/QUEUE_INVALID.*state/);
    expect(new Queue({ name: 'q', state: 'paused' }).state).toBe('paused');
  });

  it('[!] refuses tags that are NULL, empty or no Python regex, which end the queue maintenance of every Python worker', () => {
    expect(withField('tags', null)).toThrow(/QUEUE_INVALID.*tags/);
    expect(withField('tags', [])).toThrow(/QUEUE_INVALID.*tags: is empty/);
    expect(withField('tags', ['*'])).toThrow(/QUEUE_INVALID.*tags\.0: "\*" is not a regular expression/);
    expect(withField('tags', ['os=Linux', '(?<n>a)'])).toThrow(/QUEUE_INVALID.*tags\.1/);
    expect(withField('tags', [null])).toThrow(/QUEUE_INVALID.*tags\.0/);
  });

  it('[!] refuses executor options that are NULL or no object', () => {
    for (const value of [null, [], 'x', 1])
      expect(withField('executorOptions', value)).toThrow(/QUEUE_INVALID.*executorOptions/);
  });

  it('[!] refuses options that a Python executor does not take', () => {
    const options = { name: 'q', executor: processExecutor };
    expect(new Queue({ ...options, executorOptions: { maximum_jobs_per_worker: 3 } }).tags).toEqual(['.*']);
    expect(() => new Queue({ ...options, executorOptions: { maximumJobs: 3 } })).toThrow(
      /executorOptions\.maximumJobs/,
    );
    expect(
      () => new Queue({ name: 'q', executor: 'chancy.executors.asyncex.AsyncExecutor', executorOptions: { x: 1 } }),
    ).toThrow(/executorOptions\.x/);
    expect(new Queue({ name: 'q', executor: 'acme.jobs.Own', executorOptions: { any: 1 } }).executorOptions).toEqual({
      any: 1,
    });
  });

  it('[!] refuses a rate limit without its window', () => {
    expect(withField('rateLimit', 5)).toThrow(/QUEUE_INVALID.*rateLimitWindow/);
    expect(() => new Queue({ name: 'q', rateLimit: 5, rateLimitWindow: 0 })).toThrow(/rateLimitWindow/);
    expect(new Queue({ name: 'q', rateLimit: 5, rateLimitWindow: 60 }).rateLimitWindow).toBe(60);
  });

  it('[!] refuses tags by which Python workers would take a queue whose executor they cannot import', () => {
    for (const tag of ['.*', 'python=', '(worker_id|x)', '\\*']) {
      expect(() => new Queue({ name: 'q', executor: EchoExecutor, tags: [tag] })).toThrow(
        /QUEUE_INVALID.*tags: .* matches Python/,
      );
    }
    expect(() => new Queue({ name: 'q', executor: 'NoDot', tags: ['.*'] })).toThrow(/matches Python/);
    expect(new Queue({ name: 'q', executor: EchoExecutor, tags: ['hostname=pi1$'] }).tags).toEqual(['hostname=pi1$']);
    expect(new Queue({ name: 'q', executor: 'NoDot' }).tags).toEqual(['runtime=node']);
  });

  it('[!] refuses a name that does not fit the metrics key of Python’s plugin', () => {
    expect('queue:'.length + 234 + ':execution_time'.length).toBe(255);
    expect(new Queue({ name: 'n'.repeat(234) }).name).toHaveLength(234);
  });
});
