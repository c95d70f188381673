import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBus } from '../../../src/events/event-bus.js';
import { SerialGcodeExecutor } from '../../../src/executors/serial-gcode/serial-gcode-executor.js';
import { monotonicClock } from '../../../src/printer/clock.js';
import type { PrinterProfile } from '../../../src/printer/printer-profile.js';
import { Printer } from '../../../src/printer/printer.js';
import { Fleet } from '../../../src/printing/fleet.js';
import type { Claim, Executor, ExecutorClass } from '../../../src/queue/executor.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { claimedJob, recordingContext, type RecordingContext } from '../../contracts/executor-jobs.js';
import { benchProfile } from '../../support/printer/printer-bench.js';
import { type Script, ScriptedTransport } from '../../support/printer/scripted-transport.js';

export interface PrintBench {
  readonly executor: Executor;
  readonly context: RecordingContext;
  readonly fleet: Fleet;
  /** The ports that were opened, by printer, in order. */
  readonly ports: Map<string, ScriptedTransport[]>;
  readonly ExecutorClass: ExecutorClass;
  port(id: string): ScriptedTransport;
  stop(): Promise<void>;
}

export const claimOf = (printer: string): Claim => ({
  limit: 1,
  kwarg: { name: 'printer', equals: printer, orAbsent: true },
});

export const printJobOf = (gcode: string, job: Partial<QueuedJob> = {}): QueuedJob =>
  claimedJob({ queue: 'printers', func: 'gcode.print', kwargs: { gcode }, ...job });

/** An executor over scripted printers. */
export const printBench = async (
  ids: readonly string[],
  options: {
    script?: Script;
    profile?: Partial<PrinterProfile>;
    concurrency?: number | null;
    transport?: (id: string) => ScriptedTransport;
  } = {},
): Promise<PrintBench> => {
  const ports = new Map<string, ScriptedTransport[]>();
  const spoolDir = await mkdtemp(join(tmpdir(), 'spoolgate-print-bench-'));
  const printerOf = (id: string, onChange: () => void): Printer =>
    new Printer({
      profile: { ...benchProfile, id, name: id, clearsItself: true, ...options.profile },
      transport: () => {
        const { script } = options;
        const port = options.transport?.(id) ?? new ScriptedTransport(script ? { script } : {});
        ports.set(id, [...(ports.get(id) ?? []), port]);
        return port;
      },
      events: new EventBus(),
      clock: monotonicClock,
      onChange,
    });
  const fleet = new Fleet((changed) => ids.map((id) => printerOf(id, changed)));
  await fleet.start();
  const BoundExecutor = SerialGcodeExecutor.with({ fleet: () => fleet, spoolDir });
  const context = recordingContext({ concurrency: options.concurrency ?? null });
  const executor = new BoundExecutor(context);
  await executor.start();
  return {
    executor,
    context,
    fleet,
    ports,
    ExecutorClass: BoundExecutor,
    port: (id) => {
      const port = ports.get(id)?.at(-1);
      if (!port) throw new Error(`${id} was never opened`);
      return port;
    },
    stop: async () => {
      await executor.stop();
      await fleet.stop();
      await rm(spoolDir, { recursive: true });
    },
  };
};
