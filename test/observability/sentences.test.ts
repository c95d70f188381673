import { describe, expect, it } from 'vitest';
import type { SpoolgateEvents } from '../../src/events/catalogue.js';
import { EventBus } from '../../src/events/event-bus.js';
import { duration } from '../../src/observability/event-log/words.js';
import { logEvents } from '../../src/observability/log-events.js';
import { createLogger } from '../../src/observability/logger.js';
import { CollectedLines } from './collected-lines.js';

const said = <Name extends keyof SpoolgateEvents>(name: Name, fields: SpoolgateEvents[Name]): string => {
  const destination = new CollectedLines();
  const events = new EventBus();
  logEvents(events, createLogger({ env: {}, destination, level: 'trace' }));
  events.emit(name, fields);
  const [line] = destination.lines;
  expect(line).toMatchObject({ event: name });
  return `${line?.level}: ${line?.msg}`;
};

const printerId = 'left';
const print = { printerId, jobId: 'j', attempt: 1 };
const workerId = 'w';
const queue = 'printers';
const job = { workerId, queue, jobId: 'j', attempt: 0 };
const server = { dataDir: '/data', pid: 7, version: '16.2' };

const cases: readonly (readonly [string, string])[] = [
  [said('printer.disconnected', { printerId, reason: 'gone' }), 'warn: not connected: gone'],
  [
    said('printer.connected', { printerId, path: '/dev/x', firmware: '', tookMs: 800, wasReset: false }),
    'info: connected to a firmware without a name in 800 ms',
  ],
  [
    said('printer.set_aside', { printerId, code: 'X', reason: 'hot' }),
    'error: set aside until a person has looked: hot',
  ],
  [said('printer.returned', { printerId }), 'info: returned to service'],
  [said('printer.bed_cleared', { printerId }), 'info: the bed is clear'],
  [
    said('printer.temperatures', {
      printerId,
      temperatures: { T: { current: 20.5, target: 0 }, B: { current: 60, target: undefined } },
    }),
    'debug: T 20.5/0 °C, B 60 °C',
  ],
  [
    said('printer.ok_lost', { printerId, lines: 2, silentMs: 1500 }),
    'warn: 2 acknowledgements were lost, noticed after 1.5 s',
  ],
  [said('printer.line_damaged', { printerId, echo: 'X1' }), 'warn: received a damaged line: X1'],
  [said('printer.message', { printerId, text: 'echo:busy' }), 'info: says: echo:busy'],
  [said('print.layer', { ...print, layer: 2, z: 0.4 }), 'debug: layer 2, Z 0.4 mm'],
  [said('print.layer', { ...print, layer: 2, z: undefined }), 'debug: layer 2'],
  [
    said('print.progress', { ...print, percent: 10, line: 5, lines: undefined, layer: 1, etaMs: 4_320_000 }),
    'info: 10 %, line 5, layer 1, 1 h 12 min to go',
  ],
  [said('print.paused', { ...print, line: 5, z: 1 }), 'info: paused at line 5, Z 1 mm'],
  [
    said('print.waits_for_database', { ...print, error: 'away', limitMs: 600_000 }),
    'error: stands still before the first extrusion, at most 10 min 0 s: the database does not know of it yet: away',
  ],
  [
    said('print.database_back', { ...print, waitedMs: 20_000 }),
    'info: goes on: the database knows of the print after 20.0 s',
  ],
  [said('worker.started', { workerId, tags: ['*', 'os=Linux'] }), 'info: worker started, tags * os=Linux'],
  [
    said('worker.shutdown_timeout', { workerId, jobs: ['a', 'b'] }),
    'warn: 2 jobs did not end in time and are left to recovery',
  ],
  [
    said('worker.jobs_requeued', { workerId, jobs: ['a'] }),
    'warn: an earlier process left 1 jobs running; they are back in line',
  ],
  [said('worker.database_lost', { workerId, error: 'x' }), 'error: the database is away, running jobs go on: x'],
  [said('worker.database_back', { workerId, awayMs: 100 }), 'info: the database is back after 100 ms'],
  [
    said('worker.malformed', { workerId, what: 'queue', id: 'q', reason: 'bad' }),
    'warn: passed over a malformed queue q: bad',
  ],
  [said('worker.queue.removed', { workerId, queue }), 'info: serves the queue no longer'],
  [said('worker.queue.updated', { workerId, queue }), "info: the queue's settings have changed"],
  [
    said('worker.queue.ignored', { workerId, queue, executor: 'x.Y' }),
    'warn: leaves the queue alone: its executor x.Y is not one of ours',
  ],
  [
    said('worker.queue.failed', { workerId, queue, executor: 'x.Y', error: 'no' }),
    'error: cannot serve the queue with x.Y: no',
  ],
  [
    said('worker.error', { workerId, doing: 'the heartbeat', error: 'no' }),
    'error: the heartbeat failed and is tried again: no',
  ],
  [said('job.result_refused', job), 'warn: the result came too late and was refused: the job is no longer ours'],
  [said('job.output', { ...job, stream: 'stdout', line: 'half done' }), 'info: half done'],
  [said('job.output', { ...job, stream: 'stderr', line: 'oh no' }), 'warn: oh no'],
  [said('job.cancel_requested', { workerId, queue, jobId: 'j' }), 'info: somebody cancelled the job'],
  [
    said('postgres.initialized', { dataDir: '/data', version: '16', tookMs: 2000 }),
    'info: made a new Postgres 16 in /data in 2.0 s',
  ],
  [said('postgres.started', { ...server, tookMs: 300 }), 'info: Postgres 16.2 runs on /data, process 7, after 300 ms'],
  [said('postgres.adopted', server), 'info: uses the Postgres 16.2 that runs on /data, process 7'],
  [said('postgres.stale_lock', { file: '/f', reason: 'dead' }), 'warn: removed the stale lock /f: dead'],
  [
    said('postgres.binaries_copied', { from: '/a', to: '/b' }),
    'info: copied Postgres from /a, where its user cannot run it, to /b',
  ],
  [
    said('postgres.died', { dataDir: '/data', pid: 7 }),
    'error: Postgres on /data, process 7, has died; it is started again',
  ],
  [
    said('postgres.restart_failed', { dataDir: '/data', attempt: 2, error: 'no', nextTryMs: 4000 }),
    'error: start 2 of Postgres failed, the next is in 4.0 s: no',
  ],
  [
    said('postgres.restarted', { dataDir: '/data', pid: 8, attempt: 2, awayMs: 9000 }),
    'info: Postgres runs again, process 8, at start 2, after 9.0 s',
  ],
  [
    said('postgres.stopped', { dataDir: '/data', pid: 8, how: 'fast', tookMs: 90 }),
    'info: Postgres stopped (fast) in 90 ms',
  ],
  [
    said('postgres.left_running', { dataDir: '/data', pid: 8, clients: 3 }),
    'info: leaves Postgres, process 8, to its 3 other clients',
  ],
];

describe('the sentence of an event', () => {
  it.each(cases)('%s', (found, expected) => {
    expect(found).toBe(expected);
  });

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1000, '1.0 s'],
    [59_940, '59.9 s'],
    [60_000, '1 min 0 s'],
    [3_599_000, '59 min 59 s'],
    [3_600_000, '1 h 0 min'],
    [100 * 3_600_000, '100 h 0 min'],
  ])('%d ms is %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
