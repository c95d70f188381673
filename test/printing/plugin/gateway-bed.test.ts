import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseDevices } from '../../../src/devices/load-devices.js';
import { Gateway } from '../../../src/gateway/gateway.js';
import { listPrinters } from '../../../src/printing/plugin/list-printers.js';
import { sendPrinterCommand } from '../../../src/printing/plugin/send-printer-command.js';
import { Chancy } from '../../../src/queue/chancy.js';
import { Job } from '../../../src/queue/job.js';
import { createTestDatabase } from '../../support/database.js';

const gcode = ['G28', 'M83', 'M104 S200', 'M109 S200', 'G1 X50 Y50 F3000', 'G1 X60 E1', 'M104 S0'].join('\n');
const printOn = (printer: string): Job =>
  new Job({ func: 'gcode.print', queue: 'printers', kwargs: { gcode, printer } });

describe('a gateway and the bed of its printer', () => {
  it('prints nothing on top of a part, not even after a restart, until somebody clears the bed', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const folder = await mkdtemp(join(tmpdir(), 'spoolgate-bed-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const devices = parseDevices(
      JSON.stringify({
        gateway: { name: 'pi' },
        printers: [
          { id: 'sim', simulated: { speed: 10_000 }, clear_bed: 'by_hand' },
          { id: 'belt', simulated: { speed: 10_000 } },
        ],
      }),
      join(folder, 'devices.json'),
    );
    const start = async (): Promise<Gateway> => {
      const gateway = new Gateway({ databaseUrl: database.url, devices });
      onTestFinished(() => gateway.stop());
      await gateway.start();
      return gateway;
    };
    const app = new Chancy({ dsn: database.url, poolSize: 2 });
    onTestFinished(() => app.close());

    const first = await start();
    const part = await app.push(printOn('sim'));
    expect(await app.waitForJob(part)).toMatchObject({ state: 'succeeded' });
    const next = await app.push(printOn('sim'));
    await first.stop();
    expect(await listPrinters(app, { printer: 'sim' })).toMatchObject([
      { id: 'sim', state: 'stopped', bedOccupied: true, bedJobId: part.identifier, isOnline: false },
    ]);

    const second = await start();
    // A later job for the other printer is done: the worker has looked past the earlier one.
    expect(await app.waitForJob(await app.push(printOn('belt')))).toMatchObject({ state: 'succeeded' });
    expect(second.fleet.get('sim').state).toBe('bed_occupied');
    expect(await app.getJob(next)).toMatchObject({ state: 'pending' });

    const cleared = await sendPrinterCommand(app, { printer: 'sim', action: 'clear', by: 'anna' });
    expect(cleared).toMatchObject({ gateway: 'pi', how: 'gateway' });
    expect(await app.waitForJob(next)).toMatchObject({ state: 'succeeded' });
    await second.stop();
    expect(await listPrinters(app, { printer: 'sim' })).toMatchObject([
      { bedOccupied: true, bedJobId: next.identifier },
    ]);
  });
});
