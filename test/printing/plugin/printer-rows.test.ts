import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { listPrinters } from '../../../src/printing/plugin/list-printers.js';
import { BedBook } from '../../../src/printing/plugin/bed-book.js';
import { PrinterRows } from '../../../src/printing/plugin/printer-rows.js';
import { writePrinters } from '../../../src/printing/plugin/sql/write-printers.js';
import { printersTable } from '../../../src/printing/plugin/printers-table.js';
import { pluginRig } from '../support/plugin-rig.js';

const raise = (): never => {
  throw new Error('there is no row');
};
const extruding = ['G28', 'G1 X10 Y10 F3000', 'M83', 'G1 X20 E1', 'G1 X30 E1'];

describe('the rows of printers', () => {
  it('say what a printer is, and what it does', async () => {
    const rig = await (await pluginRig()).start();
    const idle = await rig.rowWhere(({ state, temperatures }) => state === 'ready' && 'T' in temperatures);
    expect(idle).toMatchObject({
      gateway: 'pi',
      id: 'left',
      name: 'The left one',
      isOnline: true,
      bedOccupied: false,
      bedSince: null,
      setAside: null,
      firmware: 'Scripted 1.0',
      temperatures: { T: { current: 21.5, target: 0 }, B: { current: 20.1, target: 0 } },
      jobId: null,
      progress: null,
      error: null,
    });
    const jobId = randomUUID();
    rig.script().hold(/X30/);
    const ended = rig.print(jobId, extruding);
    await rig.script().until(/X30/);
    const printing = await rig.rowWhere(({ state, progress }) => state === 'printing' && progress?.line === 4);
    expect(printing).toMatchObject({ jobId, bedOccupied: true, bedJobId: jobId, progress: { lines: 5, percent: 80 } });
    rig.script().release();
    await ended;
    expect(await rig.rowWhere(({ state }) => state === 'bed_occupied')).toMatchObject({
      jobId: null,
      progress: null,
      bedOccupied: true,
      bedJobId: jobId,
      bedSince: printing.bedSince,
    });
  });

  it('say why a printer cannot be reached', async () => {
    const rig = await pluginRig();
    rig.script().plugged = false;
    await rig.start();
    expect(await rig.rowWhere(({ error }) => error !== null)).toMatchObject({
      state: 'offline',
      error: { code: 'PORT_NOT_FOUND', message: expect.stringContaining('unplugged') },
    });
  });

  it('say that a gateway was stopped, and that one is silent', async () => {
    const rig = await pluginRig();
    await rig.start();
    await rig.rowWhere(({ state }) => state === 'ready');
    const other = await pluginRig({ url: rig.url, name: 'other' });
    await rig.stop();
    expect(await other.row()).toMatchObject({ state: 'stopped', isOnline: false });
    const table = printersTable(other.chancy.tables);
    await other.chancy.database.query(
      { text: `UPDATE ${table} SET state = 'ready', updated_at = now() - interval '31 s'` },
      [],
    );
    expect(await other.row()).toMatchObject({ state: 'ready', isOnline: false });
  });

  it('go when a printer leaves devices.json, but not with something on the bed', async () => {
    const rig = await pluginRig({ printers: ['left', 'middle', 'right', 'spare'] });
    await rig.start();
    rig.printer('middle').occupyBed();
    rig.printer('spare').occupyBed();
    await rig.rowWhere(({ bedOccupied }) => bedOccupied, 'spare');
    await rig.stop();

    const next = await pluginRig({ url: rig.url, printers: ['left'], disabled: ['spare'] });
    await next.start();
    const rows = await listPrinters(next.chancy);
    expect(rows.map(({ id, state, bedOccupied }) => [id, state === 'stopped' || state, bedOccupied])).toEqual([
      ['left', expect.anything(), false],
      ['middle', true, true],
      ['spare', 'disabled', true],
    ]);
  });

  it('of another machine with the same name stay while that writes them', async () => {
    const one = await pluginRig({ printers: ['left'] });
    await one.start();
    const two = await pluginRig({ url: one.url, printers: ['right'] });
    await two.start();
    expect((await listPrinters(one.chancy, { gateway: 'pi' })).map(({ id }) => id)).toEqual(['left', 'right']);
  });

  it('do not go back to what a write says that was held up', async () => {
    const rig = await pluginRig();
    await rig.start();
    const { chancy } = rig;
    const table = printersTable(chancy.tables);
    const [{ session, revision } = raise()] = await chancy.database.query<{ session: string; revision: string }>(
      { text: `SELECT session, revision FROM ${table}` },
      [],
    );
    const late = JSON.stringify([{ printer_id: 'left', name: 'x', state: 'x', bed_occupied: true, temperatures: {} }]);
    const write = (number: number): Promise<object[]> =>
      chancy.database.query(writePrinters(chancy.tables), ['pi', session, number, late]);
    expect(await write(Number(revision) - 1)).toEqual([]);
    expect(await rig.row()).toMatchObject({ bedOccupied: false });
    expect(await write(Number(revision) + 1000)).toHaveLength(1);
    expect(await rig.row()).toMatchObject({ bedOccupied: true });
  });

  it('are not waited for when a connection has silently died', async () => {
    const rig = await pluginRig();
    await rig.chancy.migrate();
    const { chancy, fleet } = rig;
    const rows = new PrinterRows({ chancy, gateway: 'pi', fleet, disabled: [], beds: new BedBook(), answerMs: 100 });
    await rows.write();
    const blocker = await chancy.database.connectListener();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT 1 FROM ${printersTable(chancy.tables)} FOR UPDATE`);
    await expect(rows.write()).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      detail: 'no answer within 0.1 s',
    });
    await blocker.end();
    await rows.write();
  });

  it('are read although another program has spoiled them', async () => {
    const rig = await pluginRig();
    await rig.start();
    await rig.stop();
    const next = await pluginRig({ url: rig.url });
    await next.chancy.database.query(
      {
        text: `UPDATE ${printersTable(next.chancy.tables)} SET set_aside = '[1]', progress = '"x"', temperatures = '3', error = '{}'`,
      },
      [],
    );
    expect(await next.row()).toMatchObject({
      setAside: { code: 'UNKNOWN' },
      progress: null,
      temperatures: {},
      error: null,
    });
    await next.start();
    expect(next.printer().state).toBe('set_aside');
  });

  it('take whatever a firmware calls itself', async () => {
    const rig = await pluginRig();
    rig.script().firmware = 'Odd\0Name\u00FF"\\';
    await rig.start();
    expect((await rig.rowWhere(({ firmware }) => firmware !== null)).firmware).toContain('Odd');
  });

  it('cannot be listed before they are migrated', async () => {
    const rig = await pluginRig();
    await expect(listPrinters(rig.chancy)).rejects.toMatchObject({ code: 'MIGRATIONS_NEEDED' });
    await rig.chancy.migrate();
    await expect(listPrinters(rig.chancy)).resolves.toEqual([]);
    await rig.chancy.migrate({ toVersion: 0, plugin: 'spoolgate.printing' });
    await expect(listPrinters(rig.chancy)).rejects.toMatchObject({ code: 'MIGRATIONS_NEEDED' });
  });
});
