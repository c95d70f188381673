import { afterEach, describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import type { Printer } from '../../src/printer/printer.js';
import { benchPrinter, printJob } from '../support/printer/printer-bench.js';
import { marlinSays, type Script, ScriptedTransport } from '../support/printer/scripted-transport.js';

const printers: Printer[] = [];
afterEach(async () => {
  await Promise.all(printers.splice(0).map((printer) => printer.stop()));
});

const started = async (
  script?: Script,
  options: Parameters<typeof benchPrinter>[1] = {},
): Promise<ReturnType<typeof benchPrinter>> => {
  const bench = benchPrinter(script, options);
  printers.push(bench.printer);
  await bench.printer.start();
  return bench;
};

/** Holds the `ok` of commands like this until the test says it. */
const holding =
  (pattern: RegExp): Script =>
  (command) =>
    pattern.test(command) ? undefined : marlinSays(command);

const short = ['M104 S200', 'G28', 'G1 X1 Y1', 'G1 X2 E1', 'G1 X3 E2'];

describe('a print', () => {
  it('ends done, with its figures, and the bed is occupied until somebody clears it', async () => {
    const { printer, port, events } = await started();
    const told: string[] = [];
    events.onAny((name) => told.push(name));
    const outcome = await printer.print(printJob(short));
    expect(outcome).toMatchObject({ type: 'done', extent: 'extruded', line: 5, figures: { sent: 5, acknowledged: 5 } });
    expect(port().commands.filter((command) => short.includes(command))).toEqual(short);
    expect(printer.state).toBe('bed_occupied');
    await expect(printer.print(printJob(short))).rejects.toMatchObject({ code: 'BED_OCCUPIED' });
    printer.clearBed();
    expect(printer.state).toBe('ready');
    expect(told).toEqual(
      expect.arrayContaining(['print.started', 'print.heating', 'print.first_layer', 'print.finished']),
    );
  });

  it('is refused while another one runs, and before the printer is there', async () => {
    const { printer, port } = await started(holding(/^G28/));
    const running = printer.print(printJob(short));
    await port().until(/G28/);
    expect(printer.state).toBe('printing');
    await expect(printer.print(printJob(short))).rejects.toMatchObject({ code: 'PRINTER_NOT_READY' });
    port().say('ok');
    await running;
    const away = benchPrinter().printer;
    await expect(away.print(printJob(short))).rejects.toMatchObject({ code: 'PRINTER_NOT_READY' });
    await expect(away.command('M105')).rejects.toMatchObject({ code: 'PRINTER_NOT_READY' });
  });

  it('cancelled while it heats breaks the wait off and cools down', async () => {
    const { printer, port } = await started(holding(/^M109/));
    const printing = printer.print(printJob(['M109 S200', 'G1 X1 E1']));
    await port().until(/M109/);
    expect(printer.progress?.phase).toBe('heating');
    expect(printer.cancel()).toBe(true);
    await port().until(/^M108$/);
    port().say('ok', 'ok');
    const outcome = await printing;
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'CANCELLED' }, cooled: true, extent: 'heated' });
    expect(port().commands.slice(-3)).toEqual(['M104 S0', 'M140 S0', 'G91']);
    expect(port().commands).not.toContain('G1 X1 E1');
    expect(printer.state).toBe('ready');
    expect(printer.cancel()).toBe(false);
  });

  it('cancelled before anything was sent does nothing to the machine', async () => {
    const { printer, port } = await started();
    const printing = printer.print(
      printJob([], { source: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) } }),
    );
    printer.cancel();
    expect(await printing).toMatchObject({ type: 'failed', extent: 'nothing', cooled: true });
    expect(port().commands).not.toContain('M104 S0');
  });

  it('pauses and goes on at its old place', async () => {
    const { printer, port } = await started(holding(/^G1 X2/));
    const printing = printer.print(printJob(short));
    await port().until(/G1 X2/);
    const pausing = printer.pause();
    expect(printer.progress?.phase).toBe('pausing');
    port().say('ok');
    await pausing;
    expect(printer.progress?.phase).toBe('paused');
    await printer.resume();
    expect(await printing).toMatchObject({ type: 'done' });
    const { commands } = port();
    const after = commands.slice(commands.indexOf('M400'));
    expect(after).toEqual(expect.arrayContaining(['G91', 'G90', 'G1 Z0 F600', 'M82']));
  });

  it('paused at the printer is cancelled at the printer', async () => {
    const { printer, port } = await started(holding(/^G1 X2/));
    const printing = printer.print(printJob(short));
    await port().until(/G1 X2/);
    port().say('//action:pause', 'ok', '//action:resume', '//action:cancel');
    expect(await printing).toMatchObject({ error: { code: 'CANCELLED' } });
  });

  it('whose file cannot be read on ends with that, cooled', async () => {
    const { printer, port } = await started();
    const source = (async function* () {
      yield [{ text: 'M104 S200', fileLine: 1, layer: 0 }];
      await port().until(/M104 S200/);
      throw new Error('disk gone');
    })();
    const outcome = await printer.print(printJob(short, { source }));
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'FILE_UNREADABLE' }, cooled: true });
  });

  it('ends with the gate that refuses', async () => {
    const { printer } = await started();
    const beforeExtrusion = (): Promise<void> => Promise.reject(new SpoolgateError('CANCELLED'));
    const outcome = await printer.print(printJob(short, { beforeExtrusion }));
    expect(outcome).toMatchObject({ extent: 'moved', error: { code: 'CANCELLED' } });
  });
});

describe('a print whose link breaks', () => {
  const broken = async (
    at: RegExp,
    breaks: (port: ScriptedTransport) => void,
  ): Promise<[Awaited<ReturnType<Printer['print']>>, ReturnType<typeof benchPrinter>]> => {
    const bench = await started(holding(at));
    const printing = bench.printer.print(printJob(short));
    await bench.port().until(at);
    breaks(bench.port());
    return [await printing, bench];
  };

  it('in mid-print sets the printer aside with line and height', async () => {
    const [outcome, { printer, events, ports }] = await broken(/^G1 X3/, (port) => port.lose());
    expect(outcome).toMatchObject({ type: 'failed', extent: 'extruded', line: 4, cooled: false });
    expect(outcome).toMatchObject({ error: { code: 'LINK_LOST', data: { line: 4 } } });
    expect(printer.setAside?.code).toBe('LINK_LOST');
    await expect(printer.print(printJob(short))).rejects.toMatchObject({ code: 'PRINTER_SET_ASIDE' });
    await new Promise<void>((resolve) => void events.on('printer.connected', () => resolve()));
    // The heaters are switched off as soon as anybody listens.
    await ports.at(-1)?.until(/^M107$/);
    expect(ports.at(-1)?.commands).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']));
    printer.returnToService();
    printer.returnToService();
    printer.clearBed();
    expect(printer.state).toBe('ready');
  });

  it('before any line was taken may be tried again', async () => {
    const bench = await started(holding(/^M117/));
    const printing = bench.printer.print(printJob(['M117 hello', 'G1 X1']));
    await bench.port().until(/^M117/);
    bench.port().lose();
    expect(await printing).toMatchObject({ error: { code: 'LINK_LOST_BEFORE_START' }, extent: 'sent' });
    expect(bench.printer.setAside).toBeUndefined();
  });

  it.each([
    ['Error:Printer halted. kill() called!', 'PRINTER_HALTED'],
    ['Error:Thermal Runaway, system stopped! Heater_ID: 0', 'THERMAL_FAULT'],
    ['start', 'PRINTER_RESET'],
  ])('with `%s` ends as %s', async (line, code) => {
    const [outcome, { printer, ports }] = await broken(/^G1 X3/, (port) => port.say(line));
    expect(outcome).toMatchObject({ error: { code } });
    expect(printer.setAside?.code).toBe(code);
    // Last words, should anybody listen.
    expect(ports[0]?.commands.slice(-3)).toEqual(['M104 S0', 'M140 S0', 'M107']);
  });

  it('while it is paused, and while it ends', async () => {
    const paused = await started(holding(/^M400/));
    const printing = paused.printer.print(printJob(short, { beforeExtrusion: () => new Promise(() => undefined) }));
    await paused.port().until(/^G1 X1/);
    const pausing = paused.printer.pause();
    await paused.port().until(/^M400/);
    paused.port().lose();
    await pausing;
    expect(await printing).toMatchObject({ error: { code: 'LINK_LOST' } });
    const [ending] = await broken(/^M400/, (port) => port.lose());
    expect(ending).toMatchObject({ type: 'failed', line: 5, error: { code: 'LINK_LOST' } });
  });

  it('by the emergency stop, at once and past everything', async () => {
    const bench = await started(holding(/^G28/));
    const printing = bench.printer.print(printJob(short));
    await bench.port().until(/^G28/);
    bench.printer.emergencyStop();
    expect(bench.ports[0]?.commands).toContain('M112');
    expect(await printing).toMatchObject({ error: { code: 'EMERGENCY_STOP' } });
    expect(bench.printer.state).toBe('set_aside');
  });

  it('when the gateway stops', async () => {
    const bench = await started(holding(/^G1 X3/));
    const printing = bench.printer.print(printJob(short));
    await bench.port().until(/^G1 X3/);
    await bench.printer.stop();
    expect(await printing).toMatchObject({ type: 'failed', error: { code: 'LINK_LOST' } });
    expect(bench.printer.state).toBe('stopped');
  });
});

describe('a connection', () => {
  it('is tried again by itself, and a printer that is off is said once', async () => {
    let tries = 0;
    const bench = benchPrinter(undefined, {
      transport: () =>
        new ScriptedTransport({ open: () => ((tries += 1) < 3 ? new SpoolgateError('PORT_NOT_FOUND') : undefined) }),
    });
    printers.push(bench.printer);
    const told: string[] = [];
    bench.events.onAny((name) => told.push(name));
    const connected = new Promise<void>((resolve) => void bench.events.on('printer.connected', () => resolve()));
    await bench.printer.start();
    expect(bench.printer.state).toBe('offline');
    expect(bench.printer.connectionError?.code).toBe('PORT_NOT_FOUND');
    await expect(bench.printer.print(printJob(short))).rejects.toMatchObject({ code: 'PORT_NOT_FOUND' });
    await connected;
    expect(tries).toBe(3);
    expect(told.filter((name) => name === 'printer.disconnected')).toHaveLength(1);
    expect(bench.printer.state).toBe('ready');
    expect(bench.printer.firmware).toBe('Marlin scripted');
  });

  it('tells what the firmware says of its own accord', async () => {
    const bench = await started(undefined, { profile: { idlePollMs: 20 } });
    const told: string[] = [];
    bench.events.onAny((name, fields) => told.push(`${name} ${JSON.stringify(fields)}`));
    const heard = new Promise<void>((resolve) => void bench.events.on('printer.line_damaged', () => resolve()));
    bench
      .port()
      .say(
        ' T:30.5 /0.0 B:20.0 /0.0',
        'echo:busy: processing',
        'Error:SD init fail',
        'X:1 Y:2',
        'echo:Unknown command: "80"',
      );
    await heard;
    expect(bench.printer.temperatures).toMatchObject({ T: { current: 30.5 } });
    expect(told.join('\n')).toContain('SD init fail');
    expect(told.join('\n')).not.toContain('X:1 Y:2');
  });
});
