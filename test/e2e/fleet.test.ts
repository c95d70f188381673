import { expect, it } from 'vitest';
import { Job } from '../../src/queue/job.js';
import { createTestDatabase } from '../support/database.js';
import { type GatewayRig, shortPrint, startGateway } from './gateway-rig.js';

const labels = Array.from({ length: 60 }, (_, index) => `job-${index}`);

it('3 gateways with 6 printers print 60 jobs, each exactly once', { timeout: 120_000 }, async () => {
  const database = await createTestDatabase();
  const rigs: GatewayRig[] = [];
  try {
    for (const name of ['north', 'east', 'west']) {
      rigs.push(await startGateway({ databaseUrl: database.url, name, printers: [`${name}-1`, `${name}-2`] }));
    }
    const [first] = rigs;
    const jobs = labels.map(
      (label) => new Job({ func: 'gcode.print', queue: 'printers', kwargs: { gcode: shortPrint(label) } }),
    );
    const references = await first!.gateway.chancy.pushMany(jobs);
    const done = await first!.gateway.chancy.waitForJobs(references, { timeoutMs: 100_000 });
    expect(done.map((job) => [job?.state, job?.attempts])).toEqual(labels.map(() => ['succeeded', 1]));

    const ran = rigs.flatMap(({ gateway }) =>
      gateway.fleet.printers.map(({ id }) => [...(gateway.simulated.get(id)?.oracle.commands ?? [])]),
    );
    const messages = ran.flat().filter((command) => command.startsWith('M117 '));
    expect(messages.sort()).toEqual(labels.map((label) => `M117 ${label}`).sort());
    const moves = ran.flat().filter((command) => command.startsWith('G1 '));
    expect(moves).toHaveLength(60 * 200);
    // Nobody sat idle while others worked.
    for (const commands of ran) expect(commands.filter((command) => command === 'G28').length).toBeGreaterThan(3);
  } finally {
    await Promise.all(rigs.map((rig) => rig.stop()));
    await database.drop();
  }
});
