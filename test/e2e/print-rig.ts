import { EventBus } from '../../src/events/event-bus.js';
import { inspectGcode } from '../../src/gcode/inspect-gcode.js';
import { openGcode } from '../../src/gcode/open-gcode.js';
import { monotonicClock } from '../../src/printer/clock.js';
import type { PrintOutcome } from '../../src/printer/print-outcome.js';
import { Printer } from '../../src/printer/printer.js';
import { wireCommand } from '../../src/printer/wire-command.js';
import { parseDevices } from '../../src/devices/load-devices.js';
import { printerProfileOf } from '../../src/printing/printer-profile-of.js';
import { PtyFront } from '../../src/simulator/fronts/pty-front.js';
import type { PrintComparison } from '../../src/simulator/print-comparison.js';
import { SimulatedPrinter, type SimulatedPrinterOptions } from '../../src/simulator/simulated-printer.js';
import type { SimulatorReport } from '../../src/simulator/simulator-report.js';
import { portTransport } from '../../src/transport/transport-for.js';

export interface PrintedFile {
  readonly outcome: PrintOutcome;
  /** What the simulated firmware ran, held against the file. */
  readonly ran: PrintComparison;
  readonly report: SimulatorReport;
}

/** The commands of a file as they must run, in order. */
const commandsOf = async (path: string, maxLineBytes = 95): Promise<string[]> => {
  const commands: string[] = [];
  for await (const batch of openGcode(path)) {
    for (const line of batch) {
      const command = wireCommand(line, maxLineBytes);
      if (command !== undefined) commands.push(command);
    }
  }
  return commands;
};

/** Files for Klipper hold lines that no Marlin takes: their printer has buffers to match. */
const buffersFor = (path: string): { device: object; firmware: Partial<SimulatedPrinterOptions> } =>
  path.includes('klipper')
    ? {
        device: { buffers: { rx_bytes: 1023, line_bytes: 255 } },
        firmware: { rxBuffer: 1024, maxCommandSize: 256 },
      }
    : { device: {}, firmware: {} };

/** A simulated printer on a pseudo-terminal with a real serial port in front, and no database. */
export const printOverPty = async (
  path: string,
  options: Omit<SimulatedPrinterOptions, 'front'> = {},
): Promise<PrintedFile> => {
  const { device: settings, firmware } = buffersFor(path);
  const simulated = new SimulatedPrinter({ speed: Infinity, front: new PtyFront(), ...firmware, ...options });
  await simulated.start();
  const devices = parseDevices(
    JSON.stringify({ printers: [{ id: 'sim', path: simulated.path, ...settings }] }),
    'devices.json',
  );
  const [device] = devices.printers;
  const printer = new Printer({
    profile: printerProfileOf(device!),
    transport: portTransport,
    events: new EventBus(),
    clock: monotonicClock,
  });
  try {
    await printer.start();
    const info = await inspectGcode(path);
    const expected = await commandsOf(path, device!.buffers.line_bytes);
    simulated.oracle.expect(expected);
    const outcome = await printer.print({ jobId: path, attempt: 1, info, source: openGcode(path) });
    return { outcome, ran: simulated.oracle.result()!, report: simulated.report() };
  } finally {
    await printer.stop();
    await simulated.stop();
  }
};
