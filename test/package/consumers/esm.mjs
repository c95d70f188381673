// Plain JavaScript with `import`: pushes a job and reads it back.
import { Chancy, Executor, Job, Queue, SerialGcodeExecutor, SpoolgateError, Worker } from 'spoolgate';

for (const thing of [Executor, Queue, SerialGcodeExecutor, Worker])
  if (typeof thing !== 'function') throw new Error('missing');
const chancy = new Chancy({ dsn: process.env.DATABASE_URL });
await chancy.migrate();
const reference = await chancy.push(new Job({ func: 'tasks.greet', queue: 'default', kwargs: { name: 'Ada' } }));
const job = await chancy.getJob(reference);
await chancy.close();
console.log(JSON.stringify({ state: job.state, kwargs: job.kwargs, error: new SpoolgateError('USAGE').code }));
