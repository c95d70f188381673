import pg from 'pg';
import { createDatabaseSql, createRoleSql, setPasswordSql } from './sql/create-role-and-database.js';
import { countOtherClientsSql } from './sql/count-other-clients.js';
import { findRoleAndDatabaseSql } from './sql/find-role-and-database.js';
import { showServerSql } from './sql/show-server.js';
import { ADMIN_USER } from './server-settings.js';

/**
 * The one connection that each user of a server of our own keeps as long as it needs the server. It ends when the server dies, and the
 * count of the others says who is the last to leave.
 */
export class Keeper {
  readonly #client: pg.Client;
  /** Resolves when the connection has ended, whoever ended it, with the last error code that the server gave. */
  readonly lost: Promise<string | undefined>;

  private constructor(client: pg.Client, lost: Promise<string | undefined>) {
    this.#client = client;
    this.lost = lost;
  }

  /** Rejects with node-postgres's error when nothing answers, or the server is still starting (code 57P03). */
  static async connect(socketDir: string, port: number): Promise<Keeper> {
    const client = new pg.Client({
      host: socketDir,
      port,
      user: ADMIN_USER,
      database: 'postgres',
      ssl: false,
      application_name: 'spoolgate keeper',
      connectionTimeoutMillis: 10_000,
    });
    let code: string | undefined;
    // Without a listener the error would end the process.
    client.on('error', (error: Error & { code?: string }) => {
      code ??= error.code;
    });
    const lost = new Promise<string | undefined>((resolve) => {
      client.once('end', () => resolve(code));
    });
    try {
      await client.connect();
    } catch (error) {
      // Not awaited: of a connection that never came to be, no end is reported.
      client.end().catch(() => undefined);
      throw error;
    }
    return new Keeper(client, lost);
  }

  async showServer(): Promise<{ dataDirectory: string; version: string }> {
    const { rows } = await this.#client.query<{ dataDirectory: string; version: string }>(showServerSql);
    const [row] = rows;
    if (!row) throw new Error('the server did not name itself');
    return row;
  }

  async countOtherClients(): Promise<number> {
    const { rows } = await this.#client.query<{ clients: number }>(countOtherClientsSql);
    return rows[0]?.clients ?? 0;
  }

  /** Makes role and database where they are missing; another process may do the same at this moment. */
  async ensureDatabase(role: string, database: string): Promise<void> {
    const { rows } = await this.#client.query<{ hasRole: boolean; hasDatabase: boolean }>(findRoleAndDatabaseSql, [
      role,
      database,
    ]);
    if (!rows[0]?.hasRole) await this.#client.query(createRoleSql(role)).catch(unlessThere);
    if (!rows[0]?.hasDatabase) await this.#client.query(createDatabaseSql(database, role)).catch(unlessThere);
  }

  async setPassword(role: string, password: string): Promise<void> {
    await this.#client.query(setPasswordSql(role, password));
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

/** duplicate_object, duplicate_database, and unique_violation where two were at it in the same instant. */
const unlessThere = (error: { code?: string }): void => {
  if (!['42710', '42P04', '23505'].includes(error.code ?? '')) throw error;
};
