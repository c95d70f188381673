import type { Bench } from '../../worker/support/bench.js';

/** Puts a row into the jobs table past the app; columns as SQL. Returns its id. */
export const jobRow = async (b: Bench, columns: Readonly<Record<string, string>> = {}): Promise<string> => {
  const all = { id: 'gen_random_uuid()', queue: "'q'", func: "'a.b'", ...columns };
  const [row] = await b.sql<{ id: string }>(
    `INSERT INTO chancy_jobs (${Object.keys(all).join(', ')}) VALUES (${Object.values(all).join(', ')}) RETURNING id`,
  );
  return row!.id;
};

/** The funcs that are left, in order. */
export const funcsLeft = async (b: Bench): Promise<string[]> => {
  const rows = await b.sql<{ func: string }>('SELECT func FROM chancy_jobs ORDER BY func');
  return rows.map(({ func }) => func);
};
