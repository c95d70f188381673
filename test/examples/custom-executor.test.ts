import { MyExecutor } from '../../examples/custom-executor.js';
import { describeExecutor } from '../contracts/executor-conformance.js';

describeExecutor('The executor of examples/custom-executor.ts', () => ({
  create: (context) => new MyExecutor(context),
  succeeding: { func: 'tasks.greet.hello', kwargs: { name: 'Ada' } },
  failing: { func: 'tasks.greet.hello', kwargs: {} },
  cancels: false,
}));
