import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, vi } from 'vitest';
import { MyExecutor } from '../../examples/custom-executor.js';
import { describeExecutor } from '../contracts/executor-conformance.js';

const log = vi.spyOn(console, 'log');
beforeAll(() => {
  log.mockImplementation(() => undefined);
});
afterAll(() => log.mockRestore());

describeExecutor('The executor of examples/custom-executor.ts', () => ({
  create: (context) => new MyExecutor(context),
  succeeding: { func: 'tasks.greet.hello', kwargs: { name: 'Ada' } },
  failing: { func: 'tasks.greet.hello', kwargs: {} },
  // It cannot be told to end, so "endless" is long enough to be told so.
  endless: { job: { func: 'tasks.pause.seconds', kwargs: { seconds: 0.2 } }, begun: () => nextTurn() },
  cancels: false,
}));
