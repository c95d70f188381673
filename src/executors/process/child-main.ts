import { writeSync } from 'node:fs';
import { JobRunner } from '../isolated/job-runner.js';
import type { RunOrder, RunReport } from '../isolated/messages.js';
import type { ChildOrder } from './child-messages.js';
import { watchParent } from './parent-watch.js';
import { signalGroup } from './process-group.js';

let runner: JobRunner | undefined;

/** Resolves once the parent has it, or never will. */
const post = (report: RunReport): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected && process.send !== undefined) process.send(report, undefined, {}, () => resolve());
    else resolve();
  });

const run = async (order: RunOrder): Promise<void> => {
  runner = new JobRunner(order, post);
  const end = await runner.end();
  runner = undefined;
  await post(end);
};

process.on('message', (message: ChildOrder) => {
  switch (message.kind) {
    case 'run':
      void run(message.order);
      return;
    case 'abort':
      runner?.abort(message);
      return;
    case 'retire':
      process.exit(0);
  }
});

// The parent is dead, or a job has closed the line: nobody will hear of what is done here any more.
process.on('disconnect', () => {
  try {
    writeSync(2, 'The line to the worker is closed.\n');
  } catch {
    // Nobody reads that either.
  }
  signalGroup(process.pid, 'SIGKILL');
});

// A service manager sends these to all processes of the worker: when a job has to end is the worker's to say.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

if (process.platform !== 'win32') watchParent(Number(process.argv[2]), -process.pid);
