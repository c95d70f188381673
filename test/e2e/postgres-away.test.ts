import { mkdtemp, readFile, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { Job } from '../../src/queue/job.js';
import { shortPrint, startGateway } from './gateway-rig.js';

it(
  'a print goes on while Postgres is dead, and its result is stored when it is back',
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spoolgate-away-'));
    await chmod(folder, 0o755);
    const dataDir = join(folder, 'data');
    const first = new EmbeddedPostgres({ dataDir, restart: false });
    await first.start();
    const rig = await startGateway({
      databaseUrl: first.connectionString,
      name: 'alone',
      printers: ['sim'],
      speed: 60,
    });
    let second: EmbeddedPostgres | undefined;
    try {
      const { chancy, events } = rig.gateway;
      const layerBegan = new Promise<void>((resolve) => void events.on('print.first_layer', () => resolve()));
      const finished = new Promise<number>((resolve) => void events.on('print.finished', ({ sent }) => resolve(sent)));
      const reference = await chancy.push(
        new Job({ func: 'gcode.print', queue: 'printers', kwargs: { gcode: shortPrint('away', 400) } }),
      );
      await layerBegan;
      const pid = Number(
        (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
      );
      expect(pid).toBeGreaterThan(1);
      process.kill(pid, 'SIGKILL');
      // The print ends while there is no database at all.
      expect(await finished).toBeGreaterThan(400);
      second = new EmbeddedPostgres({ dataDir });
      await second.start();
      const job = await chancy.waitForJob(reference, { timeoutMs: 60_000 });
      expect(job).toMatchObject({ state: 'succeeded', attempts: 1, errors: [] });
      expect(
        rig.gateway.simulated.get('sim')?.oracle.commands.filter((command) => command === 'M117 away'),
      ).toHaveLength(1);
    } finally {
      await rig.stop();
      await second?.stop();
      await first.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
