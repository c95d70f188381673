import { expect, it } from 'vitest';
import { Chancy } from '../../../src/queue/chancy.js';
import { withDefaultPlugins } from '../../../src/queue/plugins/default-plugins.js';
import { Leadership } from '../../../src/queue/plugins/leadership/leadership.js';
import { Queue } from '../../../src/queue/queue.js';
import { TestExecutor } from '../worker/support/bench.js';

it("an app has Chancy's default plugins, but for those that it brings itself", () => {
  const leadership = new Leadership({ pollIntervalMs: 1000 });
  const queue = new Queue({ name: 'q', executor: TestExecutor });
  const plugins = withDefaultPlugins([queue, leadership]);
  const app = new Chancy({ dsn: 'postgres://nowhere', plugins });
  expect(app.plugins.map(({ identifier }) => identifier).toSorted()).toEqual([
    'chancy.leadership',
    'chancy.metrics',
    'chancy.pruner',
    'chancy.recovery',
    'chancy.workflow_plugin',
  ]);
  expect(app.plugins).toContain(leadership);
  expect(app.queues).toEqual([queue]);
});
