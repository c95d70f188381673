import { ProcessExecutor } from '../../../src/executors/process/process-executor.js';
import { claimedJob, recordingContext } from '../../contracts/executor-jobs.js';
import { taskRoot } from '../isolated/task-root.js';

// Two jobs in two processes, one idle process with something left behind; their ids are printed, and then it is up to the test to end this.
const context = recordingContext({ concurrency: 4 });
const executor = new (ProcessExecutor.with({ roots: [taskRoot] }))(context);
const job = (task: string) => context.queue.claim(claimedJob({ func: `run-tasks.${task}` }));
const left = job('leavesChild');
await executor.push(left);
for (const task of ['spinAside', 'hasChild']) void executor.push(job(task));
await context.queue.until(() => context.queue.calls.filter(({ kind }) => kind === 'meta').length >= 2);
const metas = context.queue.calls.map((call) => call.job.meta);
console.log(JSON.stringify(metas.flatMap((meta) => [meta['pid'], meta['childPid']]).filter(Boolean)));
