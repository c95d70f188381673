import { basename, dirname } from 'node:path';
import { parseDevices } from '../../devices/load-devices.js';
import { EventBus } from '../../events/event-bus.js';
import { Gateway } from '../../gateway/gateway.js';
import { inspectGcode } from '../../gcode/inspect-gcode.js';
import { logEvents } from '../../observability/log-events.js';
import { Job } from '../../queue/job.js';
import type { Cli } from '../cli.js';
import { commandLogger } from '../command-logger.js';
import type { ExitCode } from '../exit-codes.js';
import { openDatabase } from '../open-database.js';
import { placeInSpool } from '../spool-copy.js';
import { ProgressView } from '../terminal/progress-view.js';
import { untilInterrupted } from '../until-interrupted.js';
import { DemoFolder, demoPrinter } from './demo-folder.js';
import { keepDemo } from './keep-demo.js';
import { type DemoResult, showResult } from './demo-result.js';
import { DemoSteps } from './demo-steps.js';
import { watchPrint } from './watch-print.js';

export interface DemoOptions {
  /** Absolute, or relative to the working folder. */
  readonly file: string;
  readonly speed: number;
  readonly faults: boolean;
  readonly keep: boolean;
}

/** The whole demo. Whatever happens, an interrupt at any moment included, nothing is left of it in the end. */
export const runDemo = async (cli: Cli, options: DemoOptions): Promise<ExitCode> => {
  const info = await inspectGcode(options.file, cli.signal);
  const steps = new DemoSteps(cli);
  steps.title(`Printing ${basename(info.path)} on a simulated printer, ${options.speed} times faster than life`);
  cli.interrupts.take((count) => {
    if (count === 1) {
      steps.note('Clearing up.');
      cli.interrupts.abort();
    } else if (count > 2) process.exit(130);
  });
  const folder = await DemoFolder.make();
  try {
    return await inFolder(cli, options, folder, steps);
  } finally {
    await folder.remove();
  }
};

const inFolder = async (cli: Cli, options: DemoOptions, folder: DemoFolder, steps: DemoSteps): Promise<ExitCode> => {
  const events = new EventBus();
  const isVerbose = cli.settings.logLevel === 'debug' || cli.settings.logLevel === 'trace';
  const stopLogging = isVerbose ? logEvents(events, commandLogger(cli, process.stderr)) : () => undefined;
  const database = await openDatabase(cli, {
    dataDir: folder.dataDir,
    alwaysEmbedded: true,
    exclusive: true,
    events,
  });
  try {
    steps.done(`Postgres ${database.embedded?.version ?? ''}`, folder.dataDir);
    const devices = parseDevices(await folder.writeDevices(options.speed), folder.devicesFile);
    const gateway = new Gateway({ databaseUrl: database.url, devices, events });
    try {
      const result = await untilInterrupted(cli.signal, printWith(cli, options, { folder, gateway, steps }));
      showResult(cli, result);
      if (options.keep) await keepDemo(cli, { folder, databaseUrl: database.url, file: basename(options.file) });
      return result.ok ? 0 : 1;
    } finally {
      gateway.endPrints();
      await gateway.stop();
    }
  } finally {
    await database.close();
    stopLogging();
  }
};

interface DemoParts {
  readonly folder: DemoFolder;
  readonly gateway: Gateway;
  readonly steps: DemoSteps;
}

const printWith = async (
  cli: Cli,
  options: DemoOptions,
  { folder, gateway, steps }: DemoParts,
): Promise<DemoResult> => {
  await gateway.start();
  steps.done('Gateway', 'tables made, worker listening');
  const simulated = gateway.simulated.get(demoPrinter);
  if (!simulated) throw new Error('the demo has no simulated printer');
  folder.sweepToo(dirname(simulated.path));
  steps.done('Simulated printer', simulated.path);
  const check = (path: string): Promise<unknown> => inspectGcode(path);
  const { name } = await placeInSpool(options.file, folder.spoolDir, { check, signal: cli.signal });
  const job = new Job({ func: 'gcode.print', queue: 'printers', kwargs: { file: name } });
  const { identifier } = await gateway.chancy.push(job);
  steps.done('Job', `${identifier} pushed`);
  const view = new ProgressView(process.stderr, cli.noteColours);
  try {
    return await watchPrint(gateway, {
      jobId: identifier,
      file: options.file,
      simulated,
      view,
      signal: cli.signal,
      faults: options.faults,
    });
  } finally {
    view.end();
  }
};
