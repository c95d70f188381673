import type { Chancy } from '../../chancy.js';
import { isConnectionError } from '../../database/database.js';
import { errorText } from '../../../errors/spoolgate-error.js';
import type { Job } from '../../job.js';
import { unpackJob } from '../../packed-job.js';
import { type DueCronRow, type NextCronRow, advanceCron, nextCron, takeDueCron } from '../../sql/cron-rows.js';
import { storedCronTimes } from './cron-expression.js';

/** For an expression whose last time has come: no time that Python could read is later. */
const never = new Date('9999-12-30T00:00:00Z');
const mostRows = 100;
/** An entry that another worker holds is still due for us: look again, but not at once. */
const soonestMs = 50;

interface DueJob {
  readonly key: string;
  readonly job: Job;
  readonly nextRun: Date;
}

type ReadEntry =
  { readonly ok: true; readonly due: DueJob } | { readonly ok: false; readonly key: string; readonly reason: string };

export interface DueTurn {
  /** Entries whose jobs were pushed. */
  readonly pushed: readonly string[];
  /** Entries that were passed over, and why. */
  readonly malformed: readonly { readonly key: string; readonly reason: string }[];
  /** Ms until the next one is due. */
  readonly waitMs: number;
}

/** Pushes the jobs of all entries that are due, each once however often it was missed. One bad row does not keep the others from it. */
export const pushDueJobs = async (chancy: Chancy): Promise<DueTurn> => {
  const pushed: string[] = [];
  const malformed = new Map<string, string>();
  for (let most = mostRows; ;) {
    const taken: string[] = [];
    try {
      const read = await pushSome(chancy, [...malformed.keys()], most, taken);
      for (const each of read) if (!each.ok) malformed.set(each.key, each.reason);
      pushed.push(...read.flatMap((each) => (each.ok ? [each.due.key] : [])));
      if (read.length < most) break;
    } catch (error) {
      if (isConnectionError(error) || taken.length === 0) throw error;
      // One of them is to blame: the next ones go one by one.
      if (most === 1) for (const key of taken) malformed.set(key, errorText(error));
      most = 1;
    }
  }
  const [next] = await chancy.database.query<NextCronRow>(nextCron(chancy.tables), [[...malformed.keys()]]);
  return {
    pushed,
    malformed: [...malformed].map(([key, reason]) => ({ key, reason })),
    waitMs: Math.max(soonestMs, next?.ms ?? Infinity),
  };
};

/** Pushes and advances in one transaction, so that no run is lost or made twice. */
const pushSome = (
  chancy: Chancy,
  passedOver: readonly string[],
  most: number,
  taken: string[],
): Promise<readonly ReadEntry[]> =>
  chancy.database.transaction(async (client) => {
    const { rows } = await client.query<DueCronRow>(takeDueCron(chancy.tables).text, [passedOver, most]);
    taken.push(...rows.map(({ unique_key }) => unique_key));
    const read = rows.map(readEntry);
    const due = read.flatMap((each) => (each.ok ? [each.due] : []));
    if (due.length === 0) return read;
    await chancy.pushManyEx(
      client,
      due.map(({ job }) => job),
    );
    const advanced = due.map(({ key, nextRun }) => ({ unique_key: key, next_run: nextRun.toISOString() }));
    await client.query(advanceCron(chancy.tables).text, [JSON.stringify(advanced)]);
    return read;
  });

const readEntry = ({ unique_key: key, job, cron, now_ms: nowMs }: DueCronRow): ReadEntry => {
  const times = storedCronTimes(cron);
  if (!times.ok) return { ok: false, key, reason: `cron: ${JSON.stringify(cron)}: ${times.reason}` };
  const unpacked = unpackJob(job);
  if (!unpacked.ok) return { ok: false, key, reason: `job: ${unpacked.reason}` };
  const isPast = (unpacked.job.scheduledAt?.getTime() ?? 0) <= nowMs;
  return {
    ok: true,
    due: {
      key,
      // The time in an entry is mostly that of its making; the job is due now, not since then.
      job: isPast ? unpacked.job.withScheduledAt(undefined) : unpacked.job,
      nextRun: times.next(new Date(Math.floor(nowMs))) ?? never,
    },
  };
};
