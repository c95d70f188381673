import { SpoolgateError } from '../errors/spoolgate-error.js';

/** The longest prefix in bytes that leaves room for every name of Chancy's within the 63 bytes of a Postgres identifier. */
const longestPrefix = 32;

/** Puts a name in double quotes for SQL. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Chancy's names for one prefix. Tables are quoted identifiers without a schema: they live where `search_path` says
 * (wire contract, section 1).
 */
export class Tables {
  readonly prefix: string;
  readonly jobs: string;
  readonly queues: string;
  readonly workers: string;
  readonly leader: string;
  readonly queueRateLimits: string;
  readonly schemaVersion: string;
  /** The NOTIFY channel, raw: quote it in LISTEN, pass it as it is to `pg_notify`. */
  readonly channel: string;

  /** Throws `APP_INVALID` for a prefix that cannot be part of an identifier or is longer than 32 bytes. */
  constructor(prefix = 'chancy_') {
    if (prefix.includes('\0')) throw new SpoolgateError('APP_INVALID', { detail: 'prefix: holds a NUL character' });
    if (Buffer.byteLength(prefix) > longestPrefix) {
      throw new SpoolgateError('APP_INVALID', { detail: `prefix: is longer than ${longestPrefix} bytes` });
    }
    this.prefix = prefix;
    this.jobs = this.table('jobs');
    this.queues = this.table('queues');
    this.workers = this.table('workers');
    this.leader = this.table('leader');
    this.queueRateLimits = this.table('queue_rate_limits');
    this.schemaVersion = this.table('schema_version');
    this.channel = `${prefix}events`;
  }

  /** Any other table, index or constraint of this prefix, quoted: for plugins. */
  table(name: string): string {
    return quoteIdentifier(this.prefix + name);
  }

  /** A name for a prepared statement that no other prefix on the same connection uses. */
  statementName(name: string): string {
    return `${this.prefix}${name}`;
  }
}
