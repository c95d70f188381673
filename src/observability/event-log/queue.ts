import type { QueueEvents } from '../../events/queue-events.js';
import type { EventLog } from './log-entry.js';
import { pluginLog } from './plugin.js';
import { duration } from './words.js';

const endLevels: Readonly<Record<string, 'info' | 'warn' | 'error'>> = {
  succeeded: 'info',
  retrying: 'warn',
  pending: 'warn',
  failed: 'error',
};

const isCancelled = (error: string | undefined): boolean => /^(?:JOB_)?CANCELLED\b/.test(error ?? '');

export const queueLog: EventLog<QueueEvents> = {
  ...pluginLog,
  'worker.started': { level: 'info', message: ({ tags }) => `worker started, tags ${tags.join(' ')}` },
  'worker.stopped': { level: 'info', message: () => 'worker stopped' },
  'worker.shutdown_timeout': {
    level: 'warn',
    message: ({ jobs }) => `${jobs.length} jobs did not end in time and are left to recovery`,
  },
  'worker.jobs_requeued': {
    level: 'warn',
    message: ({ jobs }) => `an earlier process left ${jobs.length} jobs running; they are back in line`,
  },
  'worker.database_lost': {
    level: 'error',
    message: ({ error }) => `the database is away, running jobs go on: ${error}`,
  },
  'worker.database_back': {
    level: 'info',
    message: ({ awayMs }) => `the database is back after ${duration(awayMs)}`,
  },
  'worker.malformed': {
    level: 'warn',
    message: ({ what, id, reason }) => `passed over a malformed ${what} ${id}: ${reason}`,
    limited: true,
  },
  'worker.queue.started': {
    level: 'info',
    message: ({ executor, concurrency }) => `serves the queue with ${executor}, at most ${concurrency} jobs at once`,
  },
  'worker.queue.removed': { level: 'info', message: () => 'serves the queue no longer' },
  'worker.queue.updated': { level: 'info', message: () => "the queue's settings have changed" },
  'worker.queue.ignored': {
    level: 'warn',
    message: ({ executor }) => `leaves the queue alone: its executor ${executor} is not one of ours`,
  },
  'worker.queue.failed': {
    level: 'error',
    message: ({ executor, error }) => `cannot serve the queue with ${executor}: ${error}`,
  },
  'worker.error': {
    level: 'error',
    message: ({ doing, error }) => `${doing} failed and is tried again: ${error}`,
    limited: true,
  },
  'job.claimed': {
    level: 'info',
    message: ({ func, attempt, waitedMs }) =>
      `claimed ${func}, attempt ${attempt + 1}, after it was due for ${duration(waitedMs)}`,
  },
  'job.finished': {
    level: ({ state, error }) => (isCancelled(error) ? 'warn' : (endLevels[state] ?? 'warn')),
    message: ({ state, ranMs, error }) => `${state} after ${duration(ranMs)}${error === undefined ? '' : `: ${error}`}`,
  },
  'job.result_refused': {
    level: 'warn',
    message: () => 'the result came too late and was refused: the job is no longer ours',
  },
  'job.output': {
    level: ({ stream }) => (stream === 'stderr' ? 'warn' : 'info'),
    message: ({ line }) => line,
  },
  'job.cancel_requested': { level: 'info', message: () => 'somebody cancelled the job' },
};
