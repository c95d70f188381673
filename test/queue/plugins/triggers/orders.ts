import { Job } from '../../../../src/queue/job.js';
import { Triggers } from '../../../../src/queue/plugins/triggers/triggers.js';
import { type Bench, bench } from '../../worker/support/bench.js';

export const job = new Job({ func: 'changed', queue: 'q', kwargs: { origin: 'shop' }, priority: 2, maxAttempts: 3 });

/** A database with a table of a user's own. */
export const orders = async (options: { notifications?: boolean } = {}): Promise<Bench> => {
  const b = await bench({ plugins: [new Triggers()], ...options });
  await b.sql('CREATE TABLE orders (id int PRIMARY KEY, state text, note text)');
  return b;
};

export const pushed = (b: Bench): Promise<Record<string, unknown>[]> => b.sql('SELECT * FROM chancy_jobs ORDER BY id');
