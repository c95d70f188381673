import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BedBook } from '../../../src/printing/plugin/bed-book.js';
import { ExtrusionGate } from '../../../src/printing/plugin/extrusion-gate.js';
import { printersTable } from '../../../src/printing/plugin/printers-table.js';
import { DatabaseOutage } from '../support/database-outage.js';
import { type PluginRig, pluginRig } from '../support/plugin-rig.js';

const travel = ['G28', 'M83', 'G1 X10 Y10 F3000'];
const extruding = [...travel, 'G1 X20 E1', 'G1 X30 E1'];

/** The row as another program sees it now. */
const rowNow = (rig: PluginRig): Promise<object[]> =>
  rig.chancy.database.query(
    { text: `SELECT bed_occupied, bed_job_id, job_id FROM ${printersTable(rig.chancy.tables)}` },
    [],
  );

describe('an occupied bed', () => {
  it('is in the database before the first extruding line leaves the host', async () => {
    const rig = await (await pluginRig()).start();
    const jobId = randomUUID();
    const script = rig.script();
    const seen = script.until(/E1/).then(() => rowNow(rig));
    script.hold(/E1/);
    const ended = rig.print(jobId, extruding);
    expect(await seen).toEqual([{ bed_occupied: true, bed_job_id: jobId, job_id: jobId }]);
    script.release();
    expect(await ended).toMatchObject({ type: 'done', extent: 'extruded' });
  });

  it('is not noted for a print that only moves, nor for a printer that clears its own bed', async () => {
    const mover = await (await pluginRig()).start();
    await mover.print(randomUUID(), travel);
    expect(await mover.rowWhere(({ state }) => state === 'ready')).toMatchObject({ bedOccupied: false });

    const belt = await (await pluginRig({ clearBed: 'by_itself' })).start();
    await belt.print(randomUUID(), extruding);
    expect(await belt.rowWhere(({ state }) => state === 'ready')).toMatchObject({ bedOccupied: false });
  });

  it('survives a gateway that was killed in mid-print', async () => {
    const rig = await (await pluginRig()).start();
    const jobId = randomUUID();
    rig.script().hold(/X30/);
    const ended = rig.print(jobId, extruding);
    await rig.script().until(/X30/);
    await rig.crash();
    await ended;

    const next = await pluginRig({ url: rig.url });
    await next.chancy.migrate();
    await next.plugin.restore(next.chancy);
    // Before the worker, and with it any claim.
    expect(next.printer()).toMatchObject({ state: 'bed_occupied', bedOccupied: true });
    await next.start();
    await next.rowWhere(({ state }) => state === 'bed_occupied');
    expect(await next.row()).toMatchObject({ bedOccupied: true, bedJobId: jobId, jobId: null, isOnline: true });

    next.printer().clearBed();
    expect(await next.rowWhere(({ bedOccupied }) => !bedOccupied)).toMatchObject({ bedJobId: null, bedSince: null });
    await next.stop();
    const last = await (await pluginRig({ url: rig.url })).start();
    expect(last.printer().bedOccupied).toBe(false);
  });

  it('and what a printer was set aside for survive a restart', async () => {
    const rig = await (await pluginRig()).start();
    const since = new Date('2026-11-02T10:00:00Z');
    rig.printer().putAside({ code: 'THERMAL_FAULT', reason: 'E1 temp too low', since });
    await rig.rowWhere(({ setAside }) => setAside !== null);
    await rig.stop();

    const next = await (await pluginRig({ url: rig.url })).start();
    expect(next.printer().state).toBe('set_aside');
    expect(next.printer().setAside).toEqual({ code: 'THERMAL_FAULT', reason: 'E1 temp too low', since });
    next.printer().returnToService();
    expect(await next.rowWhere(({ setAside }) => setAside === null)).toMatchObject({ state: 'ready' });
  });

  it('is waited for while the database is away, then the print goes on', async () => {
    const rig = await (await pluginRig()).start();
    const outage = new DatabaseOutage(rig.url);
    const jobId = randomUUID();
    rig.script().hold(/G28/);
    const ended = rig.print(jobId, extruding);
    await rig.script().until(/G28/);
    await outage.begin();
    const waits = rig.next('print.waits_for_database');
    rig.script().release();
    expect(await waits).toMatchObject({ printerId: 'left', jobId, attempt: 1, limitMs: 600_000 });
    // The moves before it have been made, the extrusion has not.
    await rig.script().until(/X10/);
    expect(rig.script().received.some((line) => line.includes('E1'))).toBe(false);
    const back = rig.next('print.database_back');
    await outage.end();
    expect((await back).waitedMs).toBeGreaterThan(0);
    expect(await ended).toMatchObject({ type: 'done' });
    expect(await rig.rowWhere(({ state }) => state === 'bed_occupied')).toMatchObject({ bedJobId: jobId });
  });

  it('that could not be noted in time ends the print, with nothing extruded', async () => {
    const rig = await (await pluginRig()).start();
    const write = (): Promise<void> => Promise.reject(new Error('away'));
    const beds = new BedBook();
    let nowMs = 0;
    const clock = (): number => (nowMs += 400);
    const gate = new ExtrusionGate({ rows: { write }, beds, events: rig.events, clock, limitMs: 1000 });
    const print = { jobId: randomUUID(), attempt: 1 };
    const outcome = await rig.print(print.jobId, extruding, 'left', () => gate.open(rig.printer(), print));
    expect(outcome).toMatchObject({ type: 'failed', extent: 'moved', error: { code: 'EXTRUSION_UNRECORDED' } });
    expect(rig.script().received.some((line) => line.includes('E1'))).toBe(false);
    expect(rig.script().received).toContain('M104 S0');
    expect(rig.printer()).toMatchObject({ state: 'ready', bedOccupied: false });
    expect(beds.of(rig.printer()).occupied).toBe(false);
  });

  it('is not noted for a print that was cancelled while it waited', async () => {
    const rig = await (await pluginRig()).start();
    const outage = new DatabaseOutage(rig.url);
    rig.script().hold(/G28/);
    const ended = rig.print(randomUUID(), extruding);
    await rig.script().until(/G28/);
    await outage.begin();
    const waits = rig.next('print.waits_for_database');
    rig.script().release();
    await waits;
    rig.printer().cancel();
    expect(await ended).toMatchObject({ type: 'failed', error: { code: 'CANCELLED' }, extent: 'moved' });
    await outage.end();
    expect(await rig.rowWhere(({ state }) => state === 'ready')).toMatchObject({ bedOccupied: false, bedJobId: null });
  });

  it('needs the rows to be restored first', async () => {
    const rig = await pluginRig();
    await expect(rig.plugin.beforeExtrusion(rig.printer(), { jobId: randomUUID(), attempt: 1 })).rejects.toThrow(
      /before restore/,
    );
  });

  it('and all else are written again after the database was away', async () => {
    const rig = await (await pluginRig()).start();
    const outage = new DatabaseOutage(rig.url);
    const lost = rig.next('worker.database_lost');
    await outage.begin();
    rig.printer().occupyBed();
    await lost;
    await outage.end();
    expect(await rig.rowWhere(({ bedOccupied }) => bedOccupied)).toMatchObject({ state: 'bed_occupied' });
  });
});
