// A program of somebody who installed the package: compiled strictly and run in an empty project.
import { Chancy, Executor, Job, Queue, type QueuedJob, SerialGcodeExecutor, Worker } from 'spoolgate';

class Shouting extends Executor {
  override async push(job: QueuedJob): Promise<void> {
    const text = String(job.kwargs['text']).toUpperCase();
    await this.queue.pushJobUpdate({
      ...job,
      state: 'succeeded',
      attempts: job.attempts + 1,
      completedAt: new Date(),
      meta: { ...job.meta, text },
    });
  }
}

const dsn = process.env['DATABASE_URL'] ?? '';
const shouting = new Queue({ name: 'shouting', concurrency: 10, executor: Shouting });
const printers = new Queue({ name: 'printers', executor: 'spoolgate.SerialGcodeExecutor' });
const chancy = new Chancy({ dsn, plugins: [shouting], executors: { SerialGcodeExecutor } });
await chancy.migrate();
const { executor } = await chancy.declare(printers);
const reference = await chancy.push('shouting', new Job({ func: 'shout', kwargs: { text: 'hello' } }));
const worker = new Worker(chancy);
// This worker has no devices.json: it is to leave the printers alone.
await chancy.deleteQueue('printers');
await worker.start();
const job = await chancy.waitForJob(reference, { timeoutMs: 20_000 });
await worker.stop();
await chancy.close();
console.log(JSON.stringify({ state: job?.state, text: job?.meta['text'], executor }));
