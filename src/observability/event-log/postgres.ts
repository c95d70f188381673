import type { PostgresEvents } from '../../events/postgres-events.js';
import type { EventLog } from './log-entry.js';
import { duration } from './words.js';

export const postgresLog: EventLog<PostgresEvents> = {
  'postgres.initialized': {
    level: 'info',
    message: ({ dataDir, version, tookMs }) => `made a new Postgres ${version} in ${dataDir} in ${duration(tookMs)}`,
  },
  'postgres.started': {
    level: 'info',
    message: ({ dataDir, pid, version, tookMs }) =>
      `Postgres ${version} runs on ${dataDir}, process ${pid}, after ${duration(tookMs)}`,
  },
  'postgres.adopted': {
    level: 'info',
    message: ({ dataDir, pid, version }) => `uses the Postgres ${version} that runs on ${dataDir}, process ${pid}`,
  },
  'postgres.stale_lock': { level: 'warn', message: ({ file, reason }) => `removed the stale lock ${file}: ${reason}` },
  'postgres.binaries_copied': {
    level: 'info',
    message: ({ from, to }) => `copied Postgres from ${from}, where its user cannot run it, to ${to}`,
  },
  'postgres.died': {
    level: 'error',
    message: ({ dataDir, pid }) => `Postgres on ${dataDir}, process ${pid}, has died; it is started again`,
  },
  'postgres.restart_failed': {
    level: 'error',
    message: ({ attempt, error, nextTryMs }) =>
      `start ${attempt} of Postgres failed, the next is in ${duration(nextTryMs)}: ${error}`,
  },
  'postgres.restarted': {
    level: 'info',
    message: ({ pid, attempt, awayMs }) =>
      `Postgres runs again, process ${pid}, at start ${attempt}, after ${duration(awayMs)}`,
  },
  'postgres.stopped': {
    level: 'info',
    message: ({ how, tookMs }) => `Postgres stopped (${how}) in ${duration(tookMs)}`,
  },
  'postgres.left_running': {
    level: 'info',
    message: ({ pid, clients }) => `leaves Postgres, process ${pid}, to its ${clients} other clients`,
  },
};
