import type { MessagePort } from 'node:worker_threads';
import { JobRunner } from '../isolated/job-runner.js';
import type { AbortOrder, RunEnd, RunOrder } from '../isolated/messages.js';

/** A run and the line on which its thread and the executor talk about it. */
export interface ThreadTask {
  readonly order: RunOrder;
  readonly port: MessagePort;
}

/** What a thread does with each task that it is given. */
const runTask = async ({ order, port }: ThreadTask): Promise<RunEnd> => {
  const runner = new JobRunner(order, (report) => port.postMessage(report));
  port.on('message', (abort: AbortOrder) => runner.abort(abort));
  try {
    return await runner.end();
  } finally {
    port.close();
  }
};

export default runTask;
