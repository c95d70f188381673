import { expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { createTestDatabase } from '../support/database.js';
import { shortPrint, startGateway } from './gateway-rig.js';

it('a print whose gateway died while it extruded is not started again, whoever put it back in line', async () => {
  const database = await createTestDatabase();
  const rig = await startGateway({ databaseUrl: database.url, name: 'heir', printers: ['sim'] });
  try {
    const { chancy, simulated } = rig.gateway;
    const orphan = new Job({
      func: 'gcode.print',
      queue: 'printers',
      kwargs: { gcode: shortPrint('orphan') },
      maxAttempts: 3,
      meta: { print: { attempt: 1, extent: 'extruded', printer: 'gone' } },
    });
    const job = await chancy.waitForJob(await chancy.push(orphan), { timeoutMs: 20_000 });
    expect(job).toMatchObject({ state: 'failed', errors: [{ code: 'PRINT_INTERRUPTED' }] });
    expect(simulated.get('sim')?.oracle.commands.filter((command) => command.startsWith('M117'))).toEqual([]);

    const first = await chancy.push(
      new Job({ func: 'gcode.print', queue: 'printers', kwargs: { gcode: shortPrint('whole') } }),
    );
    expect(await chancy.waitForJob(first, { timeoutMs: 20_000 })).toMatchObject({ state: 'succeeded' });
  } finally {
    await rig.stop();
    await database.drop();
  }
});
