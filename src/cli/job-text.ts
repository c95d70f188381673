import type { JobState, QueuedJob } from '../queue/queued-job.js';
import { printFunction } from '../printing/print-kwargs.js';
import { printMetaOf } from './print-meta.js';
import type { Colours } from './terminal/colour.js';
import { clockText, relativeTime } from './terminal/times.js';

/** What the job does, in a word: the file of a print, else the function. */
export const jobWhat = ({ func, kwargs }: QueuedJob): string => {
  if (func !== printFunction) return func;
  return typeof kwargs['file'] === 'string' ? kwargs['file'] : 'inline G-code';
};

/** A failed job that somebody cancelled did not go wrong. */
export const isCancelled = ({ state, errors }: QueuedJob): boolean => {
  const code = errors.at(-1)?.code;
  return state === 'failed' && (code === 'CANCELLED' || code === 'JOB_CANCELLED');
};

export const jobStateText = (job: QueuedJob): string => (isCancelled(job) ? 'cancelled' : job.state);

export const paintJobState = (colours: Colours, job: QueuedJob, text: string): string => {
  if (isCancelled(job)) return colours.dim(text);
  const paint: Readonly<Record<JobState, (text: string) => string>> = {
    pending: colours.blue,
    running: colours.cyan,
    retrying: colours.yellow,
    succeeded: colours.green,
    failed: colours.red,
  };
  return paint[job.state](text);
};

/** The one time that matters in the job's state. */
export const jobWhen = (job: QueuedJob, nowMs = Date.now()): string => {
  const { state, createdAt, startedAt, completedAt, scheduledAt } = job;
  if (state === 'running') return `since ${relativeTime(startedAt ?? createdAt, nowMs).replace(/ ago$/, '')}`;
  if (completedAt !== null && (state === 'succeeded' || state === 'failed')) return relativeTime(completedAt, nowMs);
  if (scheduledAt.getTime() > nowMs) return relativeTime(scheduledAt, nowMs);
  return `pushed ${relativeTime(createdAt, nowMs)}`;
};

/** How far a running print is, or why the job failed. */
export const jobNote = (job: QueuedJob): string => {
  if (job.state === 'running') {
    const { percent, phase, etaMs } = printMetaOf(job);
    if (phase === undefined) return '';
    const eta = etaMs === undefined ? '' : `, ${clockText(etaMs)} left`;
    return phase === 'printing' ? `${Math.floor(percent ?? 0)} %${eta}` : phase;
  }
  const error = job.errors.at(-1);
  if (error === undefined || job.state === 'succeeded' || isCancelled(job)) return '';
  return error.code ?? error.traceback.trim().split('\n').at(-1) ?? '';
};
