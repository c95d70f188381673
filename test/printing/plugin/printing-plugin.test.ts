import { describe, expect, it, onTestFinished } from 'vitest';
import { listPrinters } from '../../../src/printing/plugin/list-printers.js';
import { printersTable } from '../../../src/printing/plugin/printers-table.js';
import { PrintingPlugin } from '../../../src/printing/plugin/printing-plugin.js';
import { Chancy } from '../../../src/queue/chancy.js';
import { Worker } from '../../../src/queue/worker.js';
import { createTestDatabase } from '../../support/database.js';
import { pluginRig } from '../support/plugin-rig.js';

describe('the printing plugin', () => {
  it('is only its tables in an app without a gateway', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const plugin = new PrintingPlugin();
    const chancy = new Chancy({ dsn: database.url, prefix: 'my_', plugins: [plugin] });
    onTestFinished(() => chancy.close());
    await chancy.migrate();
    const worker = new Worker(chancy);
    await worker.start();
    await worker.stop();
    expect(await listPrinters(chancy)).toEqual([]);
    expect(plugin.tables(chancy.tables)).toEqual(['"my_printing_printers"']);
    expect(await plugin.cleanup()).toBe(0);
  });

  it('restores by itself where nobody did, and only once', async () => {
    const rig = await pluginRig();
    await rig.chancy.migrate();
    await rig.worker.start();
    await rig.rowWhere(({ state }) => state === 'offline');
    await rig.plugin.restore(rig.chancy);
    expect(await rig.row()).toMatchObject({ state: 'offline' });
  });

  it('goes on after an error of the database that is not its loss', async () => {
    const rig = await (await pluginRig()).start();
    const { database, tables } = rig.chancy;
    const table = printersTable(tables);
    const trouble = rig.next('worker.error');
    await database.query({ text: `ALTER TABLE ${table} RENAME COLUMN firmware TO firmware_of_old` }, []);
    rig.printer().occupyBed();
    expect((await trouble).doing).toContain('spoolgate.printing');
    await database.query({ text: `ALTER TABLE ${table} RENAME COLUMN firmware_of_old TO firmware` }, []);
    expect(await rig.rowWhere(({ bedOccupied }) => bedOccupied)).toMatchObject({ state: 'bed_occupied' });
  });

  it('forgets printers that are gone when it is cleaned up', async () => {
    const rig = await (await pluginRig()).start();
    const { database, tables } = rig.chancy;
    const table = printersTable(tables);
    await database.query(
      {
        text: `INSERT INTO ${table} (gateway, printer_id, name, state, session, revision, updated_at)
               SELECT gateway, 'sold', name, state, session, revision, now() - interval '61 s' FROM ${table}`,
      },
      [],
    );
    expect(await listPrinters(rig.chancy)).toHaveLength(2);
    expect(await rig.plugin.cleanup()).toBe(1);
    expect(await listPrinters(rig.chancy)).toMatchObject([{ id: 'left' }]);
  });
});
