import { PtyFront } from '../simulator/fronts/pty-front.js';
import { TcpFront } from '../simulator/fronts/tcp-front.js';
import type { PrintComparison } from '../simulator/print-comparison.js';
import { SimulatedPrinter } from '../simulator/simulated-printer.js';
import { type SimulatorFront } from '../simulator/simulator-front.js';
import type { SimulatorReport } from '../simulator/simulator-report.js';
import type { Cli } from './cli.js';
import type { SimulateOptions } from './commands/simulate.js';
import type { ExitCode } from './exit-codes.js';
import { fileCommands } from './file-commands.js';
import { comparisonText } from './comparison-text.js';
import { factsText } from './terminal/facts-text.js';

/** Commands that are kept where nobody wants to compare them; beyond that they are forgotten, as it may run for weeks. */
const keptCommands = 10_000;
const forgetEveryMs = 5000;

interface Ended {
  readonly path: string;
  readonly report: SimulatorReport;
  /** Undefined without --expect. */
  readonly comparison: PrintComparison | undefined;
}

/** Runs simulated printers until it is interrupted, and tells what they have counted. */
export const runSimulators = async (cli: Cli, options: SimulateOptions): Promise<ExitCode> => {
  const printers = Array.from({ length: options.printers }, (_, index) => simulated(options, index));
  const expected = options.expect === undefined ? undefined : await fileCommands(options.expect, defaultLineBytes);
  for (const { oracle } of printers) if (expected) oracle.expect(expected);
  const forget = setInterval(() => {
    for (const { oracle } of printers) if (oracle.commands.length > keptCommands) oracle.reset();
  }, forgetEveryMs);
  try {
    for (const printer of printers) await printer.start();
    const paths = printers.map(({ path }) => path);
    cli.result({ printers: paths }, () => paths.join('\n'));
    if (!cli.json)
      cli.note(cli.noteColours.dim(`Printing at ${options.speed} times the speed of life; Ctrl-C ends it.`));
    await untilAborted(cli.signal);
    const ended = printers.map((printer): Ended => {
      const report = printer.report();
      return { path: printer.path, report, comparison: printer.oracle.result() };
    });
    cli.result(ended, () => ended.map((one) => endedText(cli, one)).join('\n\n'));
    return ended.every(({ comparison }) => comparison?.exact !== false) ? 0 : 1;
  } finally {
    clearInterval(forget);
    await Promise.all(printers.map((printer) => printer.stop()));
  }
};

/** The simulator's own MAX_CMD_SIZE less its NUL. */
const defaultLineBytes = 95;

const simulated = (options: SimulateOptions, index: number): SimulatedPrinter => {
  const { speed, firmware, faults, seed, baud, printers } = options;
  return new SimulatedPrinter({
    front: frontFor(options, index),
    machineType: printers === 1 ? 'Spoolgate Simulator' : `Spoolgate Simulator ${index + 1}`,
    speed,
    firmware,
    faults,
    seed: seed + index,
    baudRate: baud,
  });
};

const frontFor = ({ pty, tcp }: SimulateOptions, index: number): SimulatorFront => {
  if (tcp !== undefined) return new TcpFront({ port: tcp === 0 ? 0 : tcp + index });
  if (pty === undefined) return new PtyFront();
  return new PtyFront({ link: index === 0 ? pty : `${pty}-${index + 1}` });
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const endedText = (cli: Cli, { path, report, comparison }: Ended): string => {
  const { ran, resendRequests, droppedRepeats, overflowedBytes, moves, underruns, halted, faults, hotend } = report;
  const struck = Object.entries(faults).map(([name, times]) => `${name} ${times}`);
  return factsText(
    [
      ['printer', path],
      ['commands run', String(ran)],
      ['moves', String(moves)],
      ['resend requests', String(resendRequests)],
      ['repeats dropped', String(droppedRepeats)],
      ['bytes lost', String(overflowedBytes)],
      ['underruns', underruns === undefined ? undefined : String(underruns)],
      ['faults', struck.join(', ')],
      ['halted', halted?.kind],
      ['nozzle', `${Math.round(hotend.current)} °C`],
      ['oracle', comparison && comparisonText(comparison, cli.colours)],
    ],
    cli.colours,
  );
};
