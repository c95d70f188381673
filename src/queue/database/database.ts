import pg from 'pg';
import { SpoolgateError, errorText } from '../../errors/spoolgate-error.js';
import { connectionErrorText, isConnectionError } from './connection-error.js';
import type { Statement } from './statement.js';

export { isConnectionError } from './connection-error.js';
export type { Statement } from './statement.js';

/** One connection: a client taken from a pool, or a client of the caller's own. */
export type DatabaseClient = pg.ClientBase;

interface CommonOptions {
  /** What `pg_stat_activity` shows; `spoolgate` by default. */
  readonly applicationName?: string;
  /** Whether statements are prepared once a connection, the default. Turn it off behind PgBouncer in transaction mode. */
  readonly prepare?: boolean;
}

interface DsnOptions extends CommonOptions {
  readonly dsn: string;
  readonly pool?: never;
  /** Most connections at once; 10 by default. */
  readonly poolSize?: number;
  /** How long a caller waits for a connection, ms; 5000 by default. */
  readonly connectionTimeoutMs?: number;
  /** How long a statement may take before its connection is given up, ms; for ever by default. */
  readonly queryTimeoutMs?: number;
}

interface PoolOptions extends CommonOptions {
  /** A pool of the caller's own: it is used and never ended. */
  readonly pool: pg.Pool;
  readonly dsn?: never;
}

export type DatabaseOptions = DsnOptions | PoolOptions;

const ignore = (): void => undefined;

/** A new connection's greeting and its end may come in one piece, before whoever asked for the connection can listen. */
const guard = (client: DatabaseClient): void => {
  client.on('error', ignore);
};

/**
 * The connections of one app. An idle connection that dies is dropped in silence; the next query opens another one or says that the
 * database is not there.
 */
export class Database {
  readonly #pool: pg.Pool;
  readonly #ownsPool: boolean;
  readonly #applicationName: string;
  readonly #prepare: boolean;
  /** How often tables were altered under prepared statements; part of their names, so that they are prepared again. */
  #planAge = 0;
  #closing: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    this.#applicationName = options.applicationName ?? 'spoolgate';
    this.#prepare = options.prepare ?? true;
    this.#ownsPool = options.pool === undefined;
    this.#pool =
      options.pool !== undefined
        ? options.pool
        : new pg.Pool({
            connectionString: options.dsn,
            max: options.poolSize ?? 10,
            connectionTimeoutMillis: options.connectionTimeoutMs ?? 5000,
            keepAlive: true,
            keepAliveInitialDelayMillis: 10_000,
            application_name: this.#applicationName,
            ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
          });
    this.#pool.on('error', ignore);
    this.#pool.on('connect', guard);
  }

  /** Runs one statement on any connection. Rejects with `DATABASE_UNREACHABLE` when there is none or it dies meanwhile. */
  async query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      const result = await this.#pool.query<Row>(this.#config(statement, values));
      return result.rows;
    } catch (error) {
      if (!isStalePlan(error)) throw named(error);
      this.#planAge += 1;
      return this.query(statement, values);
    }
  }

  #config(statement: Statement, values: readonly unknown[]): pg.QueryConfig {
    const { name, text } = statement;
    if (!this.#prepare || name === undefined) return { text, values: [...values] };
    return { text, values: [...values], name: this.#planAge === 0 ? name : `${name}_${this.#planAge}` };
  }

  /** Runs `run` between BEGIN and COMMIT on one connection; a throw rolls back and is passed on. */
  async transaction<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw named(error);
    });
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await run(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = isConnectionError(error) ? (error as Error) : await rollback(client);
      throw named(error);
    } finally {
      client.release(broken);
      client.removeListener('error', ignore);
    }
  }

  /** A connection outside the pool, for LISTEN. Its owner ends it; it has an `error` listener already, and emits `end` when it dies. */
  async connectListener(): Promise<pg.Client> {
    const { options } = this.#pool;
    const { Client = pg.Client } = this.#pool as { Client?: typeof pg.Client };
    const client = new Client({
      ...options,
      // pg-pool hides it from enumeration.
      ...(options.password !== undefined && { password: options.password }),
      connectionTimeoutMillis: options.connectionTimeoutMillis || 5000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: `${this.#applicationName} listen`,
    });
    client.on('error', ignore);
    try {
      await client.connect();
    } catch (error) {
      // Not awaited: pg ends a socket that never opened without saying so.
      client.end().catch(ignore);
      throw named(error);
    }
    return client;
  }

  /** Ends our own pool and waits for its queries; a pool of the caller's is left as it is. Harmless twice. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#pool.removeListener('error', ignore);
      this.#pool.removeListener('connect', guard);
      if (!this.#ownsPool) return;
      this.#pool.on('error', ignore);
      await this.#pool.end();
    })();
    return this.#closing;
  }
}

/**
 * Whether a statement was prepared before somebody (a newer Chancy's migration) added a column to what it returns. It has not run, and
 * fails on its connection for ever.
 */
const isStalePlan = (error: unknown): boolean =>
  error instanceof Error &&
  (error as { code?: unknown }).code === '0A000' &&
  (error as { routine?: unknown }).routine === 'RevalidateCachedQuery';

/** A lost database as an error of the table; everything else as it came. */
const named = (error: unknown): unknown =>
  isConnectionError(error) && !(error instanceof SpoolgateError)
    ? new SpoolgateError('DATABASE_UNREACHABLE', { detail: connectionErrorText(error), cause: error })
    : error;

const rollback = async (client: DatabaseClient): Promise<Error | undefined> => {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(errorText(error));
  }
};
