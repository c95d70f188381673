import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Chancy } from '../../src/queue/chancy.js';
import { Executor } from '../../src/queue/executor.js';
import { Plugin } from '../../src/queue/plugin.js';
import { Queue } from '../../src/queue/queue.js';

class EchoExecutor extends Executor {
  push(): Promise<void> {
    return Promise.resolve();
  }
}

class NamedPlugin extends Plugin {
  readonly identifier: string;
  readonly #needs: readonly string[];

  constructor(identifier: string, needs: readonly string[] = [], key?: string) {
    super();
    this.identifier = identifier;
    this.#needs = needs;
    this.migrations = key === undefined ? undefined : { key, steps: [] };
  }

  override readonly migrations: Plugin['migrations'] = undefined;

  override dependencies(): readonly string[] {
    return this.#needs;
  }
}

const dsn = 'postgresql://nobody@127.0.0.1:1/none';

describe('a Chancy app', () => {
  it('takes plugins and queues from one list, and queues from their own', () => {
    const plugin = new NamedPlugin('a');
    const queues = ['x', 'y'].map((name) => new Queue({ name }));
    const app = new Chancy({ dsn, plugins: [queues[0]!, plugin], queues: [queues[1]!] });
    expect(app.plugins).toEqual([plugin]);
    expect(app.queues).toEqual(queues);
    expect(app.notifications).toBe(true);
  });

  it('knows executors by registered name, with and without spoolgate., and those of its queues', () => {
    const app = new Chancy({
      dsn,
      executors: { Echo: EchoExecutor, 'spoolgate.Other': EchoExecutor },
      plugins: [new Queue({ name: 'q', executor: EchoExecutor })],
    });
    for (const name of ['Echo', 'spoolgate.Echo', 'spoolgate.Other', 'spoolgate.EchoExecutor']) {
      expect(app.executor(name)).toBe(EchoExecutor);
    }
    expect(app.executor('chancy.executors.process.ProcessExecutor')).toBeUndefined();
    expect(app.executor('constructor')).toBeUndefined();
  });

  it('starts each plugin after those that it needs', () => {
    const [a, b, c] = [new NamedPlugin('a', ['b', 'c']), new NamedPlugin('b', ['c']), new NamedPlugin('c')];
    expect(new Chancy({ dsn, plugins: [a, b, c] }).plugins).toEqual([c, b, a]);
  });

  it.each([
    [{}, 'one of dsn and pool is needed'],
    [{ dsn, pool: new pg.Pool() }, 'one of dsn and pool is needed'],
    [{ dsn: '' }, 'dsn: is empty'],
    [{ dsn: 7 }, 'dsn'],
    [{ dsn, plugin: [] }, 'plugin'],
    [{ dsn, plugins: [{}] }, 'plugins.0: is neither a Plugin nor a Queue'],
    [{ dsn, queues: [{ name: 'q' }] }, 'queues.0: is not a Queue'],
    [{ dsn, executors: { X: 'no class' } }, 'executors.X: is not an executor class'],
    [{ dsn, poolSize: 0 }, 'poolSize'],
    [{ dsn, prefix: 'p'.repeat(40) }, 'prefix'],
    [{ dsn, queues: [new Queue({ name: 'q' }), new Queue({ name: 'q' })] }, 'queues: q is there twice'],
    [{ dsn, plugins: [new NamedPlugin('a'), new NamedPlugin('a')] }, 'plugins: a is there twice'],
    [{ dsn, plugins: [new NamedPlugin('a', ['b'])] }, 'plugins: a needs b, which is not there'],
    [{ dsn, plugins: [new NamedPlugin('a', ['b']), new NamedPlugin('b', ['a'])] }, 'a needs b needs a'],
    [{ dsn, plugins: [new NamedPlugin('a', [], 'k'), new NamedPlugin('b', [], 'k')] }, 'the migration key k is taken'],
    [{ dsn, plugins: [new NamedPlugin('a', [], 'chancy')] }, 'the migration key chancy is taken'],
    [
      { dsn, executors: { X: EchoExecutor, 'spoolgate.X': class Another extends EchoExecutor {} } },
      'two classes are called spoolgate.X',
    ],
  ])('refuses wrong options %#, by name', (options, message) => {
    expect(() => new Chancy(options as never)).toThrow(/^APP_INVALID/);
    expect(() => new Chancy(options as never)).toThrow(message);
  });
});

describe('a plugin that overrides nothing', () => {
  it('does nothing', async () => {
    const plugin = new NamedPlugin('a');
    await using app = new Chancy({ dsn, plugins: [plugin] });
    const job = { id: 'x' } as never;
    expect(await plugin.onJobStarting({} as never, job)).toBe(job);
    expect(await plugin.onJobCompleted({} as never, job, {})).toBe(job);
    expect(await plugin.onJobUpdated({} as never, job)).toBeUndefined();
    expect(await plugin.cleanup(app)).toBe(0);
    expect(plugin.tables(app.tables)).toEqual([]);
    expect(await plugin.run({} as never, app, AbortSignal.abort())).toBeUndefined();
  });
});
