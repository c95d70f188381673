import { MockBinding } from '@serialport/binding-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../src/events/event-bus.js';
import { SerialGcodeExecutor } from '../../../src/executors/serial-gcode/serial-gcode-executor.js';
import { monotonicClock } from '../../../src/printer/clock.js';
import { Printer } from '../../../src/printer/printer.js';
import { Fleet } from '../../../src/printing/fleet.js';
import type { FaultSettings } from '../../../src/simulator/fault-settings.js';
import { MockFront } from '../../../src/simulator/fronts/mock-front.js';
import { SimulatedPrinter } from '../../../src/simulator/simulated-printer.js';
import { serialTransportWith } from '../../../src/transport/serial-transport.js';
import { recordingContext } from '../../contracts/executor-jobs.js';
import { benchProfile } from '../../support/printer/printer-bench.js';
import { printedFile } from '../../support/protocol/fault-schedule.js';
import { claimOf, printJobOf } from './print-bench.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

let ports = 0;

/** Prints a file on a simulated printer behind serialport's mock binding. */
const printOn = async (
  faults: FaultSettings,
  maxAttempts = 1,
): Promise<{ simulator: SimulatedPrinter; result: unknown }> => {
  ports += 1;
  const path = `/dev/mock-${ports}`;
  const front = new MockFront(MockBinding, path);
  const simulator = new SimulatedPrinter({ front, faults, seed: 7, speed: Infinity, bootMs: 5 });
  await simulator.start();
  const fleet = new Fleet((onChange) => [
    new Printer({
      profile: { ...benchProfile, id: 'mock', path, clearsItself: true },
      transport: serialTransportWith({ binding: front.binding }),
      events: new EventBus(),
      clock: monotonicClock,
      onChange,
    }),
  ]);
  await fleet.start();
  const Bound = SerialGcodeExecutor.with({ fleet: () => fleet, spoolDir: '/nonexistent' });
  const context = recordingContext();
  const executor = new Bound(context);
  await executor.start();
  stops.push(
    () => executor.stop(),
    () => fleet.stop(),
    () => simulator.stop(),
  );
  const job = printJobOf(`${printedFile(200).join('\n')}\n`, { maxAttempts });
  await executor.push(context.queue.claim(job), claimOf('mock'));
  return { simulator, result: context.queue.of(job.id, 'update')[0]?.job };
};

describe('a print through the mock binding', () => {
  it('runs each line once and in order', async () => {
    const { simulator, result } = await printOn({});
    expect(result).toMatchObject({ state: 'succeeded' });
    expect(simulator.oracle.compare(printedFile(200))).toMatchObject({ exact: true });
  });

  it('does so with corrupt lines and lost oks', async () => {
    const { simulator, result } = await printOn({ corruptEvery: 40, dropOkEvery: 90 });
    expect(result).toMatchObject({ state: 'succeeded', meta: { print: { acknowledged: 200 } } });
    expect(simulator.oracle.compare(printedFile(200))).toMatchObject({ lost: 0, doubled: 0, misordered: 0 });
  });

  it.each([
    ['unplugged', { hangUpAtLine: 60 }, 'LINK_LOST'],
    ['halted by its heater', { thermalRunawayAtLine: 60 }, 'THERMAL_FAULT'],
    ['reset', { resetAtLine: 60 }, 'PRINTER_RESET'],
  ])('fails when the printer is %s', async (_, faults, code) => {
    const { result } = await printOn(faults, 3);
    expect(result).toMatchObject({ state: 'failed', errors: [{ code }] });
  });
});
