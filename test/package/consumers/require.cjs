// The same with `require()`, which loads ES modules from Node.js 20.19 on.
const { Chancy, Job } = require('spoolgate');

const main = async () => {
  const chancy = new Chancy({ dsn: process.env.DATABASE_URL });
  await chancy.migrate();
  const reference = await chancy.push(new Job({ func: 'tasks.greet', queue: 'default', kwargs: { name: 'Ada' } }));
  const job = await chancy.getJob(reference);
  await chancy.close();
  console.log(JSON.stringify({ state: job.state, kwargs: job.kwargs }));
};

void main();
