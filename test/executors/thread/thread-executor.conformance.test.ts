import { ThreadExecutor } from '../../../src/executors/thread/thread-executor.js';
import { conformanceFunctions, describeIsolatedExecutor } from '../isolated/conformance.js';
import { sourceOptions } from '../isolated/source-options.js';

const Executor = ThreadExecutor.with({ ...sourceOptions, functions: conformanceFunctions });

describeIsolatedExecutor('ThreadExecutor', (context) => new Executor(context));
