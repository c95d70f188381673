import { EventBus } from '../../../src/events/event-bus.js';
import type { GcodeFileInfo, GcodeLine } from '../../../src/gcode/gcode-line.js';
import { monotonicClock } from '../../../src/printer/clock.js';
import type { PrinterProfile } from '../../../src/printer/printer-profile.js';
import type { PrintJob } from '../../../src/printer/print-job.js';
import { Printer, type PrinterOptions } from '../../../src/printer/printer.js';
import { marlin } from '../../../src/protocol/dialects/marlin.js';
import { defaultLineTimes } from '../../../src/protocol/line-times.js';
import { type Script, ScriptedTransport } from './scripted-transport.js';

export const benchProfile: PrinterProfile = {
  id: 'bench',
  name: 'Bench',
  path: '/dev/bench',
  baudRate: 115_200,
  dialect: marlin,
  window: { bytes: 127, lines: 3 },
  greetingTimes: { bannerMs: 50, settleMs: 1, againMs: 50, limitMs: 200 },
  lineTimes: { ...defaultLineTimes(115_200), silenceMs: 1000 },
  scripts: { cancel: ['M104 S0', 'M140 S0', 'G91'], pause: ['G91'], resume: ['G90'] },
  clearsItself: false,
  idlePollMs: 10_000,
  printPollMs: 10_000,
};

export const gcodeLines = (...texts: string[]): GcodeLine[] =>
  texts.map((text, index) => ({ text, fileLine: index + 1, layer: text.includes('E') ? 1 : 0 }));

export async function* batchesOf(...batches: readonly (readonly GcodeLine[])[]): AsyncGenerator<readonly GcodeLine[]> {
  for (const batch of batches) {
    await Promise.resolve();
    yield batch;
  }
}

const infoOf = (commands: number): GcodeFileInfo => ({
  path: '/spool/bench.gcode',
  bytes: commands * 20,
  lines: commands,
  commands,
  slicer: undefined,
  layers: 1,
  estimatedSeconds: 60,
});

export const printJob = (texts: readonly string[], job: Partial<PrintJob> = {}): PrintJob => ({
  jobId: 'job-1',
  attempt: 1,
  info: infoOf(texts.length),
  source: batchesOf(gcodeLines(...texts)),
  ...job,
});

/** A printer whose every connection is a scripted one; `ports` holds them in order. */
export const benchPrinter = (
  script?: Script,
  options: { profile?: Partial<PrinterProfile>; events?: EventBus } & Omit<Partial<PrinterOptions>, 'profile'> = {},
): { printer: Printer; ports: ScriptedTransport[]; events: EventBus; port: () => ScriptedTransport } => {
  const ports: ScriptedTransport[] = [];
  const events = options.events ?? new EventBus();
  const printer = new Printer({
    transport: () => {
      const port = new ScriptedTransport(script ? { script } : {});
      ports.push(port);
      return port;
    },
    clock: monotonicClock,
    ...options,
    events,
    profile: { ...benchProfile, ...options.profile },
  });
  const port = (): ScriptedTransport => {
    const last = ports.at(-1);
    if (!last) throw new Error('nothing was opened yet');
    return last;
  };
  return { printer, ports, events, port };
};
