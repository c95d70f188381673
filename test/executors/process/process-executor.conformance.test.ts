import { ProcessExecutor } from '../../../src/executors/process/process-executor.js';
import { conformanceFunctions, describeIsolatedExecutor } from '../isolated/conformance.js';
import { sourceOptions } from '../isolated/source-options.js';

const Executor = ProcessExecutor.with({ ...sourceOptions, functions: conformanceFunctions });

describeIsolatedExecutor('ProcessExecutor', (context) => new Executor(context));
