import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { SerialPort } from 'serialport';
import { hangUpAt } from '../../src/simulator/faults/at-command.js';
import { PtyFront } from '../../src/simulator/fronts/pty-front.js';
import { SimulatedPrinter, type SimulatedPrinterOptions } from '../../src/simulator/simulated-printer.js';
import { type FrontHost, whenText } from './fronts/front-rig.js';
import { serialHost } from './fronts/serial-host.js';
import { numbered } from './model-host.js';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const started = async (options: Partial<SimulatedPrinterOptions> = {}): Promise<SimulatedPrinter> => {
  const printer = new SimulatedPrinter({ front: new PtyFront(), bootMs: 20, ...options });
  ends.push(() => printer.stop());
  await printer.start();
  return printer;
};

const connected = async (printer: SimulatedPrinter): Promise<FrontHost> => {
  const port = new SerialPort({ path: printer.path, baudRate: 115_200, autoOpen: false });
  const host = await serialHost(port);
  ends.push(async () => {
    if (port.isOpen) await host.close();
  });
  await whenText(host, 'Hardcoded Default Settings Loaded\n');
  return host;
};

const oks = (host: FrontHost): number => host.received.split('\n').filter((line) => line.startsWith('ok')).length;

describe('a simulated printer on a pseudo-terminal', () => {
  it('prints a small file for a real serial port and accounts for it', async () => {
    const printer = await started({ speed: 1_000 });
    const host = await connected(printer);
    const file = [
      'G28',
      'M190 S60',
      'M109 S200',
      ...Array.from({ length: 200 }, (_, index) => `G1 X${index + 1} E${index}`),
    ];
    for (const [index, command] of file.entries()) {
      await host.send(numbered(index + 1, command));
      await printer.whenLine(index + 1);
    }
    await printer.whenIdle();
    expect(printer.oracle.compare(file)).toMatchObject({ exact: true, matched: file.length });
    expect(printer.report()).toMatchObject({
      accepted: file.length,
      ran: file.length,
      moves: 200,
      overflowedBytes: 0,
      resendRequests: 0,
      resets: 1,
      position: { x: 200, y: 0, z: 0, e: 199 },
      hotend: { target: 200 },
      bed: { target: 60 },
      idle: true,
      halted: undefined,
      faults: {},
    });
    expect(printer.report().movedSeconds).toBeCloseTo(200 / 25, 0);
    expect(printer.report().underruns).toBeTypeOf('number');
    while (oks(host) < file.length) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(oks(host)).toBe(file.length);
  });

  it('resets when the port is opened, unless it is told not to', async () => {
    const resetting = await started();
    const first = await connected(resetting);
    await first.send('M110 N5\n');
    await resetting.whenLine(1);
    await first.close();
    await resetting.whenClosed();
    await connected(resetting);
    expect(resetting.model.lastLineNumber).toBe(0);
    expect(resetting.report().resets).toBe(2);

    const steady = await started({ resetOnOpen: false });
    // A board that boots is deaf.
    await steady.whenIdle();
    const host = await serialHost(new SerialPort({ path: steady.path, baudRate: 250_000, autoOpen: false }));
    ends.push(() => host.close());
    await host.send('M105\n');
    await whenText(host, 'ok T:');
    expect(steady.report().resets).toBe(0);
    expect(host.received).not.toContain('start');
  });

  it('hangs up by a fault and comes back under its path', async () => {
    const printer = await started({ faults: { hangUpAtLine: 2 }, replugMs: 20 });
    const host = await connected(printer);
    await host.send('G21\nG21\n').catch(() => undefined);
    await host.hungUp;
    expect(printer.open).toBe(false);
    while (!existsSync(printer.path)) await new Promise((resolve) => setTimeout(resolve, 5));
    const again = await connected(printer);
    await again.send('M105\n');
    await whenText(again, 'ok T:');
    expect(printer.report().faults).toEqual({ 'hang-up': 1 });
  });

  it('is gone without power, and boots when it is back', async () => {
    const printer = await started();
    const host = await connected(printer);
    await host.send('G1 X100 F60\nG4 S60\nM104 S200\n');
    await printer.powerOff();
    await host.hungUp;
    expect(existsSync(printer.path)).toBe(false);
    await printer.powerOn();
    const again = await connected(printer);
    expect(again.received).toMatch(/^start\n/);
    await again.send('M105\n');
    await whenText(again, 'ok T:');
    expect(printer.report()).toMatchObject({ hotend: { target: 0 }, position: { x: 0 }, idle: true });
  });

  it('goes on by itself while the cable is out', async () => {
    const printer = await started({ speed: 100 });
    const host = await connected(printer);
    await host.send('G1 X10 F60\n');
    await printer.whenLine(1);
    await printer.unplug();
    await printer.whenIdle();
    expect(printer.model.hardware.planner.reached[0]).toBe(10);
    await printer.plugIn();
    await connected(printer);
  });

  it('is reset by its button, halted by its firmware, and injected with faults as it runs', async () => {
    const printer = await started();
    const host = await connected(printer);
    printer.reset({ banner: false });
    await printer.whenIdle();
    await host.send('M112\n');
    await printer.whenHalted();
    await printer.whenHalted();
    expect(printer.report()).toMatchObject({ halted: { kind: 'm112' }, halts: 1, resets: 2 });
    printer.reset();
    await printer.whenIdle();
    printer.inject(hangUpAt(1));
    await host.send('G21\n').catch(() => undefined);
    await host.hungUp;
    await printer.plugIn();
    await connected(printer);
  });

  it('says nothing of stutter at unlimited speed', async () => {
    const printer = await started({ speed: Infinity, baudRate: 100_000, latencyMs: 2 });
    const host = await connected(printer);
    await host.send('G28\nM105\n');
    await whenText(host, 'ok T:');
    expect(printer.report()).toMatchObject({ underruns: undefined, starvedSeconds: undefined });
  });

  it('leaves no timer, file or terminal behind', async () => {
    const inUse = (): string[] =>
      process
        .getActiveResourcesInfo()
        .filter((name) => ['Timeout', 'Immediate', 'TTYWrap', 'FSReqPromise'].includes(name));
    const before = inUse();
    const printer = await started({ faults: { hangUpAtLine: 1 }, replugMs: 60_000 });
    const host = await connected(printer);
    // The port may vanish before the bytes count as sent.
    await host.send('M155 S1\nG1 X100 F60\nG4 S600\n').catch(() => undefined);
    await host.hungUp;
    await printer.stop();
    await printer.stop();
    expect(existsSync(printer.path)).toBe(false);
    printer.reset();
    expect(inUse().length).toBeLessThanOrEqual(before.length);
  });

  it('that was never started stops', async () => {
    const printer = new SimulatedPrinter({ front: new PtyFront({ link: '/tmp/spoolgate-never' }) });
    await printer.stop();
    expect(printer.path).toBe('/tmp/spoolgate-never');
  });
});
