import type { EventBus } from '../events/event-bus.js';
import { eventLog } from './event-log.js';
import type { LogEntry } from './event-log/log-entry.js';
import { FloodGate } from './flood-gate.js';
import { JobQueues } from './job-queues.js';
import type { Logger } from './logger.js';

export interface LogEventsOptions {
  /** Put on every line as `gateway`. */
  readonly gateway?: string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: () => number;
}

/** As the table cannot be looked into with a name and the fields of that name. */
const entries = eventLog as unknown as Readonly<Record<string, LogEntry<object>>>;

/** Of a noisy event of one printer, so many lines are written in so many ms. */
const flood = { most: 20, windowMs: 10_000 };

/**
 * Writes a line for each event until the returned function is called: `event`, `gateway`, `printer`, `queue`, `job`, `attempt`, then the
 * event's own fields. At level trace the bus is asked for every line over the wire as well; call it before printers connect.
 */
export const logEvents = (events: EventBus, logger: Logger, options: LogEventsOptions = {}): (() => void) => {
  const { gateway, clock = () => performance.now() } = options;
  const log = gateway === undefined ? logger : logger.child({ gateway });
  const queues = new JobQueues();
  const gate = new FloodGate({
    clock,
    ...flood,
    onSuppressed: (key, count) => {
      const { event, ...of } = JSON.parse(key) as { event: string };
      log.warn({ event, ...of, suppressed: count }, `suppressed ${count} more lines of ${event}`);
    },
  });
  if (log.isLevelEnabled('trace')) events.listensToTraffic = true;
  const off = events.onAny((name, fields) => {
    const entry = entries[name];
    if (entry === undefined) return;
    const line = lineOf(name, fields, queues);
    const level = typeof entry.level === 'function' ? entry.level(fields) : entry.level;
    if (!log.isLevelEnabled(level)) return;
    if (entry.limited === true && !gate.pass(JSON.stringify({ event: name, printer: line['printer'] }))) return;
    log[level](line, entry.message(fields));
  });
  return () => {
    off();
    gate.flush();
  };
};

/** An event's fields as they are logged: ids first, under the names that all lines share. */
const lineOf = (event: string, fields: object, queues: JobQueues): Record<string, unknown> => {
  const { workerId, printerId, queue, jobId, attempt, ...own } = fields as Record<string, unknown>;
  const known = queues.follow(event, { jobId, queue });
  return omitUndefined({
    event,
    worker: workerId,
    printer: printerId,
    queue: queue ?? known,
    job: jobId,
    attempt: event.startsWith('job.') ? runNumber(attempt) : attempt,
    ...own,
  });
};

/** The queue counts the runs before this one, as Chancy does; prints, and all lines of the log, count from 1. */
const runNumber = (attempts: unknown): unknown => (typeof attempts === 'number' ? attempts + 1 : attempts);

const omitUndefined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
