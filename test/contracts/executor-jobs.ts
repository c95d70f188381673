import { randomUUID } from 'node:crypto';
import type { ExecutorContext } from '../../src/queue/executor.js';
import type { QueuedJob } from '../../src/queue/queued-job.js';
import { RecordingQueue } from './executor-recording-queue.js';

/** A job as a worker hands it over: claimed and running. */
export const claimedJob = (fields: Partial<QueuedJob> = {}): QueuedJob => ({
  id: randomUUID(),
  queue: 'conformance',
  func: 'tasks.nothing',
  kwargs: {},
  limits: [],
  meta: {},
  state: 'running',
  priority: 0,
  attempts: 0,
  maxAttempts: 1,
  takenBy: 'worker-1',
  uniqueKey: null,
  createdAt: new Date('2024-05-01T10:00:00.000Z'),
  startedAt: new Date('2024-05-01T10:00:02.000Z'),
  completedAt: null,
  scheduledAt: new Date('2024-05-01T10:00:01.000Z'),
  errors: [],
  ...fields,
});

/** What an executor is constructed with, over a recording queue; `woken` counts its calls of `wake`. */
export interface RecordingContext extends ExecutorContext {
  readonly queue: RecordingQueue;
  woken: number;
}

export const recordingContext = (
  options: { concurrency?: number | null; options?: Record<string, unknown> } = {},
): RecordingContext => {
  const context: RecordingContext = {
    workerId: 'worker-1',
    queue: new RecordingQueue({ concurrency: options.concurrency ?? null }),
    options: options.options ?? {},
    woken: 0,
    wake: () => {
      context.woken += 1;
    },
  };
  return context;
};
