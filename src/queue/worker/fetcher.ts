import type { Claim } from '../executor.js';
import type { JobRow } from '../job-row.js';
import type { StoredQueue } from '../queue-row.js';
import { fetchJobs, fetchJobsByKwarg } from '../sql/fetch-jobs.js';
import { type NextDueRow, nextDue } from '../sql/next-due.js';
import { type RateWindowRow, countClaims, openRateWindow } from '../sql/rate-limit.js';
import type { Statement } from '../database/database.js';
import type { WorkerContext } from './worker-context.js';

export interface Fetched {
  /** In the order in which they should start. */
  readonly rows: readonly JobRow[];
  /** When the rate limit allows more, ms from now; undefined unless it has been reached. */
  readonly limitedMs?: number;
}

type FetchContext = Pick<WorkerContext, 'database' | 'tables' | 'workerId'>;

/** Claims jobs for one claim of an executor, within the queue's rate limit. */
export const fetchClaim = async (context: FetchContext, queue: StoredQueue, claim: Claim): Promise<Fetched> => {
  const { database, tables, workerId } = context;
  const { rateLimit, rateLimitWindow } = queue;
  if (rateLimit === null || rateLimitWindow === null) {
    const { statement, values } = fetchStatement(context, queue.name, claim, claim.limit);
    return { rows: await database.query<JobRow>(statement, values) };
  }
  return database.transaction(async (client) => {
    const opened = await client.query<RateWindowRow>(openRateWindow(tables).text, [queue.name, rateLimitWindow]);
    const { count = 0, ends_in_ms: limitedMs = 0 } = opened.rows[0] ?? {};
    const left = Math.max(0, rateLimit - count);
    if (left === 0) return { rows: [], limitedMs };
    const { statement, values } = fetchStatement({ tables, workerId }, queue.name, claim, Math.min(left, claim.limit));
    const { rows } = await client.query<JobRow>(statement.text, [...values]);
    if (rows.length > 0) await client.query(countClaims(tables).text, [queue.name, rows.length]);
    return rows.length < left ? { rows } : { rows, limitedMs };
  });
};

const fetchStatement = (
  { tables, workerId }: Pick<FetchContext, 'tables' | 'workerId'>,
  queue: string,
  { kwarg }: Claim,
  limit: number,
): { statement: Statement; values: readonly unknown[] } => {
  if (kwarg === undefined) return { statement: fetchJobs(tables), values: [queue, limit, workerId] };
  const { name, equals, orAbsent } = kwarg;
  return { statement: fetchJobsByKwarg(tables), values: [queue, limit, workerId, name, equals, orAbsent] };
};

/** Ms until the next job of the queue is due; `withinMs` if none is before. */
export const untilNextDue = async (context: FetchContext, queue: string, withinMs: number): Promise<number> => {
  const rows = await context.database.query<NextDueRow>(nextDue(context.tables), [queue, withinMs / 1000]);
  const ms = rows[0]?.ms;
  // One more, as timers may fire a little early.
  return ms === undefined ? withinMs : Math.min(withinMs, Math.ceil(ms) + 1);
};
