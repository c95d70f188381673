import { basename, dirname, resolve } from 'node:path';
import type { DevicesConfig } from '../devices/load-devices.js';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { EventBus } from '../events/event-bus.js';
import { SimulatedPrinters } from '../gateway/simulated-printers.js';
import { openGcode } from '../gcode/open-gcode.js';
import { logEvents } from '../observability/log-events.js';
import type { PrintOutcome } from '../printer/print-outcome.js';
import type { Printer } from '../printer/printer.js';
import { fleetOf } from '../printing/fleet-of.js';
import { type PrintFile, preparePrintFile } from '../printing/print-file.js';
import type { Cli } from './cli.js';
import { commandLogger } from './command-logger.js';
import type { ExitCode } from './exit-codes.js';
import { figuresText } from './figures-text.js';
import { Interrupted } from './interrupted.js';
import { leaveAtOnce } from './interrupts.js';
import { printProgress } from './print-progress.js';
import { type PrintTarget, printTarget } from './print-target.js';
import { ProgressView } from './terminal/progress-view.js';
import { untilInterrupted } from './until-interrupted.js';

/** Prints one file on one printer, from opening the port to the last word. Throws why the print failed. */
export const runPrint = async (cli: Cli, file: string, target: PrintTarget): Promise<ExitCode> => {
  const devices = await printTarget(cli, target);
  const [device] = devices.printers;
  const path = resolve(file);
  const place = { spoolDir: dirname(path), maxLineBytes: device?.buffers.line_bytes ?? 0 };
  const print = await preparePrintFile({ file: basename(path), copies: 1 }, place);
  const simulated = new SimulatedPrinters(devices);
  try {
    await simulated.start();
    return await withPrinter(cli, devices, simulated.paths, (printer) => printOn(cli, printer, print));
  } finally {
    await simulated.stop();
    await print.release();
  }
};

const withPrinter = async (
  cli: Cli,
  devices: DevicesConfig,
  paths: ReadonlyMap<string, string>,
  work: (printer: Printer) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const events = new EventBus();
  const isVerbose = cli.settings.logLevel === 'debug' || cli.settings.logLevel === 'trace';
  const stopLogging = isVerbose ? logEvents(events, commandLogger(cli, process.stderr)) : () => undefined;
  const fleet = fleetOf(devices, { events, paths });
  try {
    const [printer] = fleet.printers;
    if (!printer) throw new SpoolgateError('PRINTER_UNKNOWN');
    if (!cli.json) cli.note(cli.noteColours.dim(`Connecting to ${printer.profile.path}`));
    await untilInterrupted(cli.signal, fleet.start());
    if (printer.state !== 'ready') throw printer.connectionError ?? new SpoolgateError('PRINTER_NOT_READY');
    return await work(printer);
  } finally {
    await fleet.stop();
    stopLogging();
  }
};

const printOn = async (cli: Cli, printer: Printer, { info }: PrintFile): Promise<ExitCode> => {
  const view = new ProgressView(process.stderr, cli.noteColours);
  view.note(`${basename(info.path)} on ${printer.firmware ?? printer.id}`);
  const timer = setInterval(() => {
    if (printer.progress) view.show(printProgress({ ...printer.progress, temperatures: printer.temperatures }));
  }, 100);
  cli.interrupts.take((count) => interrupt(printer, view, count));
  try {
    const outcome = await printer.print({ jobId: info.path, attempt: 1, info, source: openGcode(info.path) });
    view.end();
    tell(cli, printer, outcome);
    if (outcome.type === 'done') return 0;
    if (outcome.error.code === 'CANCELLED') throw new Interrupted();
    throw outcome.error;
  } finally {
    clearInterval(timer);
    view.end();
  }
};

const interrupt = (printer: Printer, view: ProgressView, count: number): void => {
  if (count === 1) {
    view.note('Ending the print: heaters off, head parked. Ctrl-C again is the emergency stop.');
    printer.cancel();
  } else if (count === 2) {
    view.note('Emergency stop. Reset the printer before the next print.');
    printer.emergencyStop();
  } else leaveAtOnce();
};

const tell = (cli: Cli, { id }: Printer, outcome: PrintOutcome): void => {
  const { type, figures, extent, line, z } = outcome;
  const error = type === 'failed' ? { code: outcome.error.code, message: outcome.error.message } : null;
  const { green, red } = cli.colours;
  cli.result({ printer: id, result: type, error, extent, line, z: z ?? null, ...figures }, () =>
    [type === 'done' ? green('Printed.') : red(`Ended at line ${line}.`), figuresText(figures, cli.colours)].join('\n'),
  );
};
