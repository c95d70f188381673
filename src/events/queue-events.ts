import type { PluginEvents } from './plugin-events.js';

/** What a worker, its queues and its plugins do. Times are in ms, ids are text. */
export interface QueueEvents extends PluginEvents {
  'worker.started': { workerId: string; tags: readonly string[] };
  'worker.stopped': { workerId: string };
  /** The drain took longer than allowed; the jobs named are left to recovery. */
  'worker.shutdown_timeout': { workerId: string; jobs: readonly string[] };
  /** An earlier process of the same worker id ended with these jobs running; they were put back in line. */
  'worker.jobs_requeued': { workerId: string; jobs: readonly string[] };
  'worker.database_lost': { workerId: string; error: string };
  'worker.database_back': { workerId: string; awayMs: number };
  /** Something from another program was malformed and has been passed over. */
  'worker.malformed': {
    workerId: string;
    what: 'queue' | 'job' | 'notification' | 'worker' | 'cron';
    id: string;
    reason: string;
  };
  'worker.queue.started': { workerId: string; queue: string; executor: string; concurrency: number };
  'worker.queue.removed': { workerId: string; queue: string };
  'worker.queue.updated': { workerId: string; queue: string };
  /** A queue matches this worker's tags but its executor is not one of ours: it is left alone. */
  'worker.queue.ignored': { workerId: string; queue: string; executor: string };
  /** A queue is ours to serve but cannot be now: its executor is another one's, or did not start. Tried again at each reading. */
  'worker.queue.failed': { workerId: string; queue: string; executor: string; error: string };
  /** Something that the worker does over and over met an error that is not the loss of the database; it goes on. */
  'worker.error': { workerId: string; doing: string; error: string };
  'job.claimed': { workerId: string; queue: string; jobId: string; func: string; attempt: number; waitedMs: number };
  'job.finished': {
    workerId: string;
    queue: string;
    jobId: string;
    func: string;
    attempt: number;
    state: string;
    ranMs: number;
    error?: string;
  };
  /** A result came too late: the job has another owner, state or attempt by now; the row was left alone. */
  'job.result_refused': { workerId: string; queue: string; jobId: string; attempt: number };
  /** A job's code, in a process of its own, has written a line. Long lines are cut; beyond 1000 lines of a run they are not told. */
  'job.output': {
    workerId: string;
    queue: string;
    jobId: string;
    attempt: number;
    stream: 'stdout' | 'stderr';
    line: string;
  };
  'job.cancel_requested': { workerId: string; queue: string; jobId: string };
}
