/** What the Postgres that Spoolgate runs by itself does. Times are in ms, paths are absolute. */
export interface PostgresEvents {
  /** A new, empty cluster was made. */
  'postgres.initialized': { dataDir: string; version: string; tookMs: number };
  'postgres.started': { dataDir: string; pid: number; version: string; tookMs: number };
  /** A server already ran on the data directory and is used as it is. */
  'postgres.adopted': { dataDir: string; pid: number; version: string };
  /** A lock that a dead server left behind was removed. */
  'postgres.stale_lock': { file: string; reason: string };
  /** The server's user could not run the binaries where they were. */
  'postgres.binaries_copied': { from: string; to: string };
  /** The server ended and nobody here had asked it to. */
  'postgres.died': { dataDir: string; pid: number };
  'postgres.restart_failed': { dataDir: string; attempt: number; error: string; nextTryMs: number };
  'postgres.restarted': { dataDir: string; pid: number; attempt: number; awayMs: number };
  'postgres.stopped': { dataDir: string; pid: number; how: 'fast' | 'immediate' | 'killed'; tookMs: number };
  /** Others are still connected: the last of them stops the server. */
  'postgres.left_running': { dataDir: string; pid: number; clients: number };
}
