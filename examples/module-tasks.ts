/**
 * Functions as jobs, without an executor of your own, and the two ways to declare a queue. With a Postgres that you may write to:
 *
 *   DATABASE_URL=postgresql://user:password@localhost/mydb npx tsx examples/module-tasks.ts
 */
import { Chancy, Job, Limit, ModuleExecutor, Queue, Worker } from 'spoolgate';
import { hello } from './tasks/greet.js';

// 1. In code, with a class: this app's workers declare the queue. Only the functions listed here can run in it.
const Greetings = ModuleExecutor.with({ name: 'Greetings', functions: { hello } });
const greetings = new Queue({ name: 'greetings', executor: Greetings, concurrency: 2 });

// 2. In the database, by a name under which the workers know an executor: `executors` below gives the class for it. Every function that a
//    module below this folder exports can run, if its name is right: `tasks.checksum.sha256`.
const executors = { ModuleExecutor: ModuleExecutor.with({ roots: [new URL('.', import.meta.url)] }) };
const files = new Queue({ name: 'files', executor: 'spoolgate.ModuleExecutor', executorOptions: { roots: ['.'] } });

const chancy = new Chancy({ dsn: process.env['DATABASE_URL'] ?? '', plugins: [greetings], executors });
await chancy.migrate();
await chancy.declare(files);

const references = await chancy.pushMany([
  new Job({ queue: 'greetings', func: 'hello', kwargs: { name: 'Grace' } }),
  new Job({
    queue: 'files',
    func: 'tasks.checksum.sha256',
    kwargs: { file: import.meta.filename },
    limits: [Limit.time(30)],
    maxAttempts: 3,
  }),
  new Job({ queue: 'files', func: './tasks/greet.ts#hello', kwargs: { name: 'Barbara' } }),
  new Job({ queue: 'files', func: './../package.json#default' }),
]);

const worker = new Worker(chancy);
await worker.start();
for (const job of await chancy.waitForJobs(references)) {
  console.log(`${job?.func}: ${job?.state}`, job?.meta['sha256'] ?? job?.errors[0]?.message ?? '');
}
await worker.stop();
await chancy.close();
