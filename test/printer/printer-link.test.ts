import { afterEach, describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { monotonicClock } from '../../src/printer/clock.js';
import { PrinterLink } from '../../src/printer/printer-link.js';
import { benchProfile } from '../support/printer/printer-bench.js';
import { marlinSays, type Script, ScriptedTransport } from '../support/printer/scripted-transport.js';

const links: PrinterLink<object>[] = [];
afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()));
});

const linkTo = (
  script?: Script,
  options: { renumberAfter?: number; port?: ScriptedTransport } = {},
): { link: PrinterLink<object>; port: ScriptedTransport; lost: SpoolgateError[]; traffic: string[] } => {
  const port = options.port ?? new ScriptedTransport(script ? { script } : {});
  const lost: SpoolgateError[] = [];
  const traffic: string[] = [];
  const { dialect, window, greetingTimes, lineTimes } = benchProfile;
  const link = new PrinterLink<object>({
    transport: port,
    dialect,
    window,
    greetingTimes,
    lineTimes,
    clock: monotonicClock,
    listener: {
      acknowledged: () => undefined,
      notice: () => undefined,
      lost: (error) => lost.push(error),
      traffic: (direction, line) => traffic.push(`${direction} ${line}`),
    },
    ...(options.renumberAfter === undefined ? {} : { renumberAfter: options.renumberAfter }),
  });
  links.push(link);
  return { link, port, lost, traffic };
};

describe('a link', () => {
  it('greets, and tells the firmware, its restart and all traffic', async () => {
    const { link, traffic } = linkTo();
    const welcome = await link.connect();
    expect(welcome).toMatchObject({ wasReset: true, firmware: { name: 'Marlin scripted' } });
    expect(traffic.slice(0, 2)).toEqual(['received start', 'sent N0 M110 N0*125']);
    expect([link.isIdle, link.bytesInFlight, link.linesResent]).toEqual([true, 0, 0]);
  });

  it('answers a command with what the firmware said to it', async () => {
    const { link } = linkTo((command) => (command === 'M114' ? ['X:1 Y:2', 'ok'] : marlinSays(command)));
    await link.connect();
    expect(await link.send('M114')).toEqual(['X:1 Y:2']);
    expect(await link.send('G28')).toEqual([]);
  });

  it('begins its numbers again, with every command sent once', async () => {
    const { link, port, lost } = linkTo(undefined, { renumberAfter: 20 });
    await link.connect();
    const commands = Array.from({ length: 70 }, (_, index) => `G1 X${index}`);
    await Promise.all(commands.map((command) => link.send(command)));
    expect(port.commands.filter((command) => command.startsWith('G1'))).toEqual(commands);
    expect(port.lines.filter((line) => line.startsWith('N0 M110'))).toHaveLength(4);
    const numbers = port.lines.map((line) => Number(/^N(\d+)/.exec(line)?.[1]));
    expect(Math.max(...numbers)).toBeLessThan(25);
    expect(lost).toEqual([]);
  });

  it('takes a restart while the numbers begin again for what it is', async () => {
    let greetings = 0;
    const { link, lost } = linkTo(
      (command) => {
        if (command === 'M110 N0') greetings += 1;
        return greetings === 2 && command === 'M110 N0' ? ['start'] : marlinSays(command);
      },
      { renumberAfter: 5 },
    );
    await link.connect();
    const sent = Promise.all(Array.from({ length: 10 }, (_, index) => link.send(`G1 X${index}`)));
    await expect(sent).rejects.toMatchObject({ code: 'PRINTER_RESET' });
    expect(lost).toHaveLength(1);
  });

  it('is silent when the firmware does not answer while the numbers begin again, but still passes an emergency stop on', async () => {
    let greetings = 0;
    const { link, port, lost } = linkTo(
      (command) => {
        if (command === 'M110 N0') greetings += 1;
        return greetings > 1 ? undefined : marlinSays(command);
      },
      { renumberAfter: 5 },
    );
    await link.connect();
    const sent = Promise.all(Array.from({ length: 10 }, (_, index) => link.send(`G1 X${index}`)));
    await Promise.all([
      expect(sent).rejects.toMatchObject({ code: 'LINK_SILENT' }),
      (async () => {
        await port.untilLines(/^N0 M110/, 2);
        expect(link.isIdle).toBe(false);
        link.sendBare('M112');
        expect(port.commands.at(-1)).toBe('M112');
      })(),
    ]);
    expect(lost.map(({ code }) => code)).toEqual(['LINK_SILENT']);
  });

  it('refuses commands after it is lost, and says so once', async () => {
    const { link, port, lost } = linkTo((command) => (command === 'G4 S9' ? undefined : marlinSays(command)));
    await link.connect();
    const waiting = link.send('G4 S9');
    expect(link.waitsFor('G4 S9')).toBe(true);
    port.lose();
    await expect(waiting).rejects.toMatchObject({ code: 'LINK_LOST' });
    await expect(link.send('M105')).rejects.toMatchObject({ code: 'LINK_LOST' });
    link.sendBare('M112');
    link.farewell(['M104 S0']);
    expect(lost).toHaveLength(1);
  });

  it.each([
    ['nothing', () => undefined, 'NO_BANNER'],
    ['a halt', () => ['Error:Printer halted. kill() called!'], 'PRINTER_HALTED'],
  ])('rejects a firmware that says %s', async (_, script, code) => {
    await expect(linkTo(script).link.connect()).rejects.toMatchObject({ code });
  });

  it('rejects with the error of the port', async () => {
    const port = new ScriptedTransport({ open: () => new SpoolgateError('PORT_BUSY') });
    await expect(linkTo(undefined, { port }).link.connect()).rejects.toMatchObject({ code: 'PORT_BUSY' });
  });

  it('ends a greeting that is broken off', async () => {
    const { link, port } = linkTo(() => undefined);
    const connecting = link.connect();
    await port.until(/M110/);
    await link.close();
    await expect(connecting).rejects.toMatchObject({ code: 'LINK_LOST' });
  });
});
