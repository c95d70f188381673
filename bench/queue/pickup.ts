// How soon an idle worker starts a job that is pushed, on a Postgres of its own with fsync on. Usage: npm run bench:pickup
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chancy, EmbeddedPostgres, Executor, Job, Queue, type QueuedJob, Worker } from '../../src/index.js';
import { sleep } from '../../src/lifecycle/sleep.js';

const pushes = 400;
let began: (ms: number) => void = () => undefined;

class NoOp extends Executor {
  override async push(job: QueuedJob): Promise<void> {
    began(performance.now());
    await this.queue.pushJobUpdate({
      ...job,
      state: 'succeeded',
      attempts: job.attempts + 1,
      completedAt: new Date(),
    });
  }
}

const folder = await mkdtemp(join(tmpdir(), 'spoolgate-pickup-'));
await chmod(folder, 0o755);
const postgres = new EmbeddedPostgres({ dataDir: join(folder, 'data'), exclusive: true });
await postgres.start();
const queue = new Queue({ name: 'pickup', concurrency: 10, executor: NoOp });
const chancy = new Chancy({ dsn: postgres.connectionString, plugins: [queue] });
await chancy.migrate();
const worker = new Worker(chancy);
await worker.start();

const fromCall: number[] = [];
const fromReturn: number[] = [];
for (let push = 0; push < pushes; push += 1) {
  const started = new Promise<number>((resolve) => {
    began = resolve;
  });
  const calledMs = performance.now();
  const returned = chancy.push('pickup', new Job({ func: 'no.op', kwargs: {} })).then(() => performance.now());
  const [startedMs, returnedMs] = await Promise.all([started, returned]);
  fromCall.push(startedMs - calledMs);
  fromReturn.push(startedMs - returnedMs);
  await sleep(15);
}

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 100) / 100;
};
const row = (values: readonly number[]): object => ({ p50_ms: quantile(values, 0.5), p95_ms: quantile(values, 0.95) });
const { version } = postgres;
await worker.stop();
await chancy.close();
await postgres.stop();
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify({ pushes, postgres: version, from_call: row(fromCall), from_return: row(fromReturn) }));
