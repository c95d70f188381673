import type { Chancy } from '../queue/chancy.js';
import type { QueuedJob } from '../queue/queued-job.js';
import { isConnectionError } from '../queue/database/connection-error.js';
import { sleep } from '../lifecycle/sleep.js';
import type { Cli } from './cli.js';
import { jobWhat } from './job-text.js';
import { printMetaOf } from './print-meta.js';
import { printProgress } from './print-progress.js';
import { type Progress, ProgressView } from './terminal/progress-view.js';
import { relativeTime } from './terminal/times.js';

const lookEveryMs = 500;

const hasEnded = ({ state }: QueuedJob): boolean => state === 'succeeded' || state === 'failed';

/**
 * Shows how far jobs are, on stderr, until all have ended; resolves to them as they are then, without those that were deleted. A database
 * that is lost meanwhile is waited for. An interrupt ends only the watching.
 */
export const followJobs = async (cli: Cli, chancy: Chancy, ids: readonly string[]): Promise<readonly QueuedJob[]> => {
  const view = new ProgressView(process.stderr, cli.noteColours);
  let isAway = false;
  try {
    for (;;) {
      try {
        const jobs = await chancy.getJobs(ids);
        if (isAway) view.note('The database is back.');
        isAway = false;
        if (jobs.every(hasEnded)) return jobs;
        view.show(progressOf(jobs));
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        if (!isAway) view.note('The database is away; waiting for it.');
        isAway = true;
      }
      await sleep(lookEveryMs, cli.signal);
      cli.signal.throwIfAborted();
    }
  } finally {
    view.end();
  }
};

const progressOf = (jobs: readonly QueuedJob[]): Progress => {
  const [only] = jobs;
  if (jobs.length === 1 && only) return progressOfOne(only);
  const ended = jobs.filter(hasEnded).length;
  const running = jobs.filter(({ state }) => state === 'running');
  const done = running.reduce((sum, job) => sum + (printMetaOf(job).percent ?? 0) / 100, ended);
  return {
    percent: (100 * done) / jobs.length,
    phase: `${ended} of ${jobs.length} ended`,
    parts: [`${ended} of ${jobs.length} ended`, `${running.length} running`],
  };
};

const progressOfOne = (job: QueuedJob): Progress => {
  const { state, scheduledAt } = job;
  if (state === 'running') return printProgress({ phase: 'running', ...printMetaOf(job) });
  const isLater = scheduledAt.getTime() > Date.now();
  const phase =
    state === 'retrying'
      ? `tried again ${relativeTime(scheduledAt)}`
      : isLater
        ? `due ${relativeTime(scheduledAt)}`
        : 'waiting';
  return { percent: 0, phase: state, parts: [phase, jobWhat(job)] };
};
