import type { Command } from 'commander';
import { addCancel } from './commands/cancel.js';
import { addDemo } from './commands/demo.js';
import { addDevices } from './commands/devices.js';
import { addGateway } from './commands/gateway.js';
import { addJob } from './commands/job.js';
import { addJobs } from './commands/jobs.js';
import { addMigrate } from './commands/migrate.js';
import { addPause } from './commands/pause.js';
import { addPrint } from './commands/print.js';
import { addPrinters } from './commands/printers.js';
import { addPush } from './commands/push.js';
import { addQueues } from './commands/queues.js';
import { addResume } from './commands/resume.js';
import { addSimulate } from './commands/simulate.js';
import { addVersion } from './commands/version.js';
import { addWorkers } from './commands/workers.js';

/** Every command, in the order and under the headings of the help. A new command is a file and a line here. */
export const commands: readonly (readonly [heading: string, add: readonly ((program: Command) => void)[]])[] = [
  ['Printing:', [addDemo, addGateway, addPrint]],
  ['Jobs:', [addPush, addJobs, addJob, addCancel]],
  ['Queues and workers:', [addQueues, addPause, addResume, addWorkers]],
  ['Printers:', [addPrinters, addDevices, addSimulate]],
  ['Other:', [addMigrate, addVersion]],
];
