// Kills Postgres for 20 s in the middle of a print and says what becomes of the print and its job. Usage: npm run soak:away
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres, Job } from '../src/index.js';
import { sleep } from '../src/lifecycle/sleep.js';
import { shortPrint, startGateway } from '../test/e2e/gateway-rig.js';

const awayMs = 20_000;
const folder = await mkdtemp(join(tmpdir(), 'spoolgate-away-'));
await chmod(folder, 0o755);
const dataDir = join(folder, 'data');
const first = new EmbeddedPostgres({ dataDir, restart: false });
await first.start();
const rig = await startGateway({ databaseUrl: first.connectionString, name: 'away', printers: ['sim'], speed: 8 });
const { chancy, events, simulated } = rig.gateway;
const firstLayer = new Promise<void>((resolve) => void events.on('print.first_layer', () => resolve()));
const finished = new Promise<number>((resolve) => void events.on('print.finished', ({ sent }) => resolve(sent)));
const kwargs = { gcode: shortPrint('away', 4000) };
const reference = await chancy.push(new Job({ func: 'gcode.print', queue: 'printers', kwargs }));
await firstLayer;
const [pid] = (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');
const linesAtKill = simulated.get('sim')?.oracle.count;
process.kill(Number(pid), 'SIGKILL');
await sleep(awayMs);
const linesWhenBack = simulated.get('sim')?.oracle.count;
const second = new EmbeddedPostgres({ dataDir });
await second.start();
const sent = await finished;
const job = await chancy.waitForJob(reference, { timeoutMs: 60_000 });
const ran = simulated.get('sim')?.oracle.compare(kwargs.gcode.split('\n'));
await rig.stop();
await second.stop();
await first.stop();
await rm(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    awayMs,
    linesAtKill,
    linesWhenBack,
    sent,
    exact: ran?.exact,
    state: job?.state,
    attempts: job?.attempts,
  }),
);
process.exit(job?.state === 'succeeded' && ran?.exact === true ? 0 : 1);
