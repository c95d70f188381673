import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { printersTable } from '../../../src/printing/plugin/printers-table.js';
import { type PrinterAction, answerEvent, commandEvent } from '../../../src/printing/plugin/printer-command.js';
import { type PrinterCommandResult, sendPrinterCommand } from '../../../src/printing/plugin/send-printer-command.js';
import { Chancy } from '../../../src/queue/chancy.js';
import { Job } from '../../../src/queue/job.js';
import { type PluginRig, pluginRig } from '../support/plugin-rig.js';

const many = Array.from({ length: 40 }, (_, index) => `G1 X${100 + index} E1`);
const extruding = ['G28', 'M83', 'G1 X10 Y10 F3000', 'G1 X20 E1', 'G1 X30 E1', ...many];

/** As the command line does, from an app of its own. */
const send = async (
  rig: PluginRig,
  action: PrinterAction,
  options: { printer?: string; gateway?: string; notifications?: boolean } = {},
): Promise<PrinterCommandResult> => {
  const { notifications = true, printer = 'left', ...more } = options;
  const elsewhere = new Chancy({ dsn: rig.url, poolSize: 1, notifications });
  try {
    return await sendPrinterCommand(elsewhere, { printer, action, by: 'anna', ...more });
  } finally {
    await elsewhere.close();
  }
};

/** A rig in the middle of a print that waits at a line. */
const printing = async (
  at = /X30/,
): Promise<{ rig: PluginRig; jobId: string; ended: ReturnType<PluginRig['print']> }> => {
  const rig = await (await pluginRig()).start();
  const { identifier: jobId } = await rig.chancy.push(new Job({ func: 'gcode.print', queue: 'printers' }));
  rig.script().hold(at);
  const ended = rig.print(jobId, extruding);
  await rig.script().until(at);
  return { rig, jobId, ended };
};

const age = async (rig: PluginRig, interval: string): Promise<void> => {
  const { database, tables } = rig.chancy;
  await database.query({ text: `UPDATE ${printersTable(tables)} SET updated_at = now() - $1::interval` }, [interval]);
};

describe('a command to a printer', () => {
  it('clears the bed, in the table too by the time of the answer', async () => {
    const rig = await (await pluginRig()).start();
    rig.printer().occupyBed();
    expect(await send(rig, 'clear')).toEqual({ gateway: 'pi', how: 'gateway', message: 'the bed of left is clear' });
    expect(await rig.row()).toMatchObject({ bedOccupied: false, state: 'ready' });
    expect(await send(rig, 'clear')).toMatchObject({ message: 'the bed of left was clear already' });
    expect(rig.of('printer.command')).toEqual([
      { printerId: 'left', action: 'clear', by: 'anna', ok: true, message: 'the bed of left is clear' },
      { printerId: 'left', action: 'clear', by: 'anna', ok: true, message: 'the bed of left was clear already' },
    ]);
  });

  it('does not clear a bed on which something is being printed', async () => {
    const { rig, ended } = await printing();
    await expect(send(rig, 'clear')).rejects.toMatchObject({
      code: 'PRINTER_REFUSED',
      detail: 'left is printing on its bed',
    });
    expect(await rig.row()).toMatchObject({ bedOccupied: true });
    rig.script().release();
    await ended;
    await send(rig, 'clear');
    expect(rig.printer().state).toBe('ready');
  });

  it('pauses and resumes a print', async () => {
    const { rig, ended } = await printing();
    await expect(send(rig, 'resume')).rejects.toMatchObject({ detail: 'the print on left is not paused but printing' });
    const paused = rig.next('print.paused');
    const asked = send(rig, 'pause');
    await rig.rowWhere(({ progress }) => progress?.phase === 'pausing');
    rig.script().release();
    expect(await asked).toMatchObject({ message: expect.stringMatching(/^left (is paused|pauses once)/) });
    await paused;
    expect(await send(rig, 'pause')).toMatchObject({ message: 'left was paused already' });
    expect(await send(rig, 'resume')).toMatchObject({ message: 'left goes on' });
    expect(await ended).toMatchObject({ type: 'done' });
  });

  it('says that a pause takes its time', async () => {
    const { rig, ended } = await printing();
    expect(await send(rig, 'pause')).toMatchObject({ message: 'left pauses once it has done its last lines' });
    const paused = rig.next('print.paused');
    rig.script().release();
    await paused;
    await send(rig, 'resume');
    expect(await ended).toMatchObject({ type: 'done' });
  });

  it('cancels the print and its job', async () => {
    const { rig, jobId, ended } = await printing();
    const asked = send(rig, 'cancel');
    await rig.rowWhere(({ progress }) => progress?.phase === 'cancelling');
    rig.script().release();
    expect(await asked).toMatchObject({ message: `left ends job ${jobId} and switches its heaters off` });
    expect(await ended).toMatchObject({ type: 'failed', error: { code: 'CANCELLED', detail: 'by anna' } });
    expect(await rig.chancy.getJob(jobId)).toMatchObject({ state: 'failed', errors: [{ code: 'CANCELLED' }] });
    expect(rig.script().received).toContain('M104 S0');
  });

  it('stops a printer at once and returns it to service', async () => {
    const { rig, ended } = await printing();
    expect(await send(rig, 'stop')).toMatchObject({ message: expect.stringContaining('emergency stop') });
    expect(rig.script().received).toContain('M112');
    expect(await ended).toMatchObject({ type: 'failed', error: { code: 'EMERGENCY_STOP' } });
    expect(await rig.rowWhere(({ setAside }) => setAside !== null)).toMatchObject({
      state: 'set_aside',
      setAside: { code: 'EMERGENCY_STOP' },
      bedOccupied: true,
    });
    expect(await send(rig, 'clear')).toMatchObject({ message: expect.stringContaining('still set aside') });
    expect(await send(rig, 'return')).toMatchObject({ message: 'left is back in service' });
    expect(await send(rig, 'return')).toMatchObject({ message: 'left was not set aside' });
  });

  it('says that an emergency stop did not reach the printer', async () => {
    const rig = await pluginRig();
    rig.script().plugged = false;
    await rig.start();
    await expect(send(rig, 'stop')).rejects.toMatchObject({
      code: 'PRINTER_REFUSED',
      detail: expect.stringContaining('no connection to left'),
    });
    expect(await rig.rowWhere(({ setAside }) => setAside !== null)).toMatchObject({ state: 'set_aside' });
  });

  it.each(['pause', 'resume', 'cancel'] as const)('%s is refused where nothing is printed', async (action) => {
    const rig = await (await pluginRig()).start();
    await expect(send(rig, action)).rejects.toMatchObject({ code: 'PRINTER_REFUSED', detail: 'left prints nothing' });
  });

  it('is done by the gateway that has the printer, and by no other', async () => {
    const one = await (await pluginRig({ name: 'one', printers: ['left', 'right'] })).start();
    const two = await (await pluginRig({ url: one.url, name: 'two', printers: ['left'] })).start();
    await expect(send(one, 'clear')).rejects.toMatchObject({
      code: 'PRINTER_AMBIGUOUS',
      detail: 'left is at one, two',
    });
    expect(await send(one, 'clear', { gateway: 'two' })).toMatchObject({ gateway: 'two' });
    expect(await send(one, 'clear', { printer: 'right' })).toMatchObject({ gateway: 'one' });
    expect(one.of('printer.command').map(({ printerId }) => printerId)).toEqual(['right']);
    expect(two.of('printer.command').map(({ printerId }) => printerId)).toEqual(['left']);
  });

  it.each([
    [{ printer: 'nobody' }, 'PRINTER_NOT_FOUND', 'nobody'],
    [{ gateway: 'nowhere' }, 'PRINTER_NOT_FOUND', 'left at nowhere'],
    [{ printer: '' }, 'USAGE', 'printer'],
    [{ notifications: false }, 'NOTIFICATIONS_OFF', undefined],
  ])('%o is refused with %s', async (options, code, detail) => {
    const rig = await (await pluginRig()).start();
    const refusal = await send(rig, 'return', options).catch((error: unknown) => error as SpoolgateError);
    expect(refusal).toMatchObject({ code });
    if (detail !== undefined) expect((refusal as SpoolgateError).detail).toContain(detail);
  });

  it('says that no gateway answered', async () => {
    const rig = await (await pluginRig()).start();
    await rig.crash();
    const other = await pluginRig({ url: rig.url, name: 'other' });
    await expect(send(other, 'clear')).rejects.toMatchObject({ code: 'GATEWAY_SILENT' });
  });

  it('clears a bed in the database only while the gateway is off', async () => {
    const rig = await (await pluginRig()).start();
    rig.printer().occupyBed();
    await rig.rowWhere(({ bedOccupied }) => bedOccupied);
    await rig.crash();
    const other = await pluginRig({ url: rig.url, name: 'other' });
    await age(other, '61 s');
    expect(await send(other, 'clear', { notifications: false })).toMatchObject({ gateway: 'pi', how: 'database' });
    expect(await other.row()).toMatchObject({ bedOccupied: false });
    const next = await (await pluginRig({ url: rig.url })).start();
    expect(next.printer().bedOccupied).toBe(false);
  });

  it('that is malformed is reported and does nothing', async () => {
    const rig = await (await pluginRig()).start();
    const { database, tables } = rig.chancy;
    const heard = rig.next('worker.malformed');
    const payload = JSON.stringify({ t: commandEvent, id: 'x', printer: 'left', action: 'explode', by: 'x' });
    await database.query({ text: 'SELECT pg_notify($1, $2)' }, [tables.channel, payload]);
    expect(await heard).toMatchObject({ what: 'notification', reason: expect.stringContaining('action') });
    // Still there.
    expect(await send(rig, 'return')).toMatchObject({ how: 'gateway' });
  });

  it('takes no notice of answers to others, nor of malformed ones', async () => {
    const rig = await (await pluginRig()).start();
    const noise = [
      'not json',
      '{}',
      JSON.stringify({ t: answerEvent, id: randomUUID(), ok: false, message: 'not for you' }),
      JSON.stringify({ t: answerEvent, id: 5 }),
    ];
    const { database, tables } = rig.chancy;
    const asked = send(rig, 'return');
    for (const payload of noise) await database.query({ text: 'SELECT pg_notify($1, $2)' }, [tables.channel, payload]);
    expect(await asked).toMatchObject({ message: 'left was not set aside' });
  });
});
