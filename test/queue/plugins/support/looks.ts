import type { Statement } from '../../../../src/queue/database/database.js';
import type { Bench } from '../../worker/support/bench.js';

/** Waits until recovery has asked so often who is missing. */
export const looksOf = ({
  chancy: { database },
}: Bench): { looked: (count: number) => Promise<void>; count: () => number } => {
  const query = database.query.bind(database);
  let looks = 0;
  let look = (): void => undefined;
  database.query = async <Row extends object>(statement: Statement, values: readonly unknown[]) => {
    const rows = await query<Row>(statement, values);
    if (statement.text.includes('pg_postmaster_start_time')) looks += 1;
    look();
    return rows;
  };
  return {
    count: () => looks,
    looked: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (looks >= count) resolve();
        };
        look();
      }),
  };
};
