/**
 * An executor of your own, from the class to the finished job. With a Postgres that you may write to:
 *
 *   DATABASE_URL=postgresql://user:password@localhost/mydb npx tsx examples/custom-executor.ts
 */
import { Chancy, Executor, Job, Queue, Worker, type QueuedJob } from 'spoolgate';

/** Runs `tasks.FILE.FUNCTION`: imports tasks/FILE.ts and calls FUNCTION with the job's kwargs. */
export class MyExecutor extends Executor {
  override async push(job: QueuedJob): Promise<void> {
    const attempts = job.attempts + 1;
    let update: QueuedJob;
    try {
      const run = await importFunction(job.func);
      await run(job.kwargs);
      update = { ...job, state: 'succeeded', attempts, completedAt: new Date() };
    } catch (error) {
      const isLast = attempts >= job.maxAttempts;
      const traceback = error instanceof Error ? (error.stack ?? error.message) : String(error);
      update = {
        ...job,
        state: isLast ? 'failed' : 'retrying',
        attempts,
        completedAt: isLast ? new Date() : null,
        errors: [...job.errors, { traceback, attempt: job.attempts }],
      };
    }
    await this.queue.pushJobUpdate(update);
  }
}

/** Jobs come from a database: never import just any path that one names. */
const importFunction = async (func: string): Promise<(kwargs: unknown) => unknown> => {
  const [, file, name] = /^tasks\.(\w+)\.(\w+)$/.exec(func) ?? [];
  if (file === undefined || name === undefined) throw new Error(`${func} is not a task`);
  // `.js` once the tasks are compiled.
  const module = (await import(`./tasks/${file}.ts`)) as Record<string, unknown>;
  const found = Object.hasOwn(module, name) ? module[name] : undefined;
  if (typeof found !== 'function') throw new Error(`${func} is not a function`);
  return found as (kwargs: unknown) => unknown;
};

const main = async (dsn: string): Promise<void> => {
  const queue = new Queue({ name: 'default', concurrency: 10, executor: MyExecutor });
  const chancy = new Chancy({ dsn, plugins: [queue] });
  await chancy.migrate();

  const hello = await chancy.push('default', new Job({ func: 'tasks.greet.hello', kwargs: { name: 'Ada' } }));
  const nobody = await chancy.push('default', new Job({ func: 'tasks.greet.hello', kwargs: {}, maxAttempts: 2 }));

  const worker = new Worker(chancy);
  await worker.start();
  for (const job of await chancy.waitForJobs([hello, nobody])) {
    console.log(`${job?.func}(${JSON.stringify(job?.kwargs)}) ${job?.state} after ${job?.attempts} run(s)`);
  }
  await worker.stop();
  await chancy.close();
};

if (process.argv[1] === import.meta.filename) await main(process.env['DATABASE_URL'] ?? '');
