import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { Chancy } from '../../../src/queue/chancy.js';
import type { ChancyOptions } from '../../../src/queue/chancy-options.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

type AppOptions = Omit<ChancyOptions, 'dsn' | 'pool' | 'poolSize' | 'connectionTimeoutMs' | 'queryTimeoutMs'>;

export interface AppFixture {
  readonly url: string;
  readonly app: Chancy;
  /** Another app on the same database; closed at the end. */
  another(options?: AppOptions): Chancy;
  /** Rows of any statement, past the app. */
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Hears the channel from now on. */
  listen(channel?: string): Promise<Heard>;
}

interface Heard {
  /** Waits until everything that was committed before has arrived, and says what that was. Once. */
  settled(): Promise<unknown[]>;
}

/** A fresh database with a migrated app on it, for the tests of one `describe`. */
export const withApp = (options: { migrate?: boolean } = {}): AppFixture => {
  let database: TestDatabase | undefined;
  let pool: pg.Pool | undefined;
  const apps: Chancy[] = [];
  const clients: pg.Client[] = [];

  const url = (): string => {
    if (database === undefined) throw new Error('the database is there only while tests run');
    return database.url;
  };
  const another = (more: AppOptions = {}): Chancy => {
    const app = new Chancy({ dsn: url(), poolSize: 4, ...more });
    apps.push(app);
    return app;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
    if (options.migrate !== false) await another().migrate();
    else another();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await Promise.all(apps.map((app) => app.close()));
    await pool?.end();
    await database?.drop();
  });

  return {
    get url() {
      return url();
    },
    get app() {
      return apps[0]!;
    },
    another,
    async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
      const result = await pool!.query<Row>(text, values);
      return result.rows;
    },
    async listen(channel = 'chancy_events') {
      const client = new pg.Client({ connectionString: url() });
      client.on('error', () => undefined);
      clients.push(client);
      await client.connect();
      await client.query(`LISTEN "${channel}"`);
      const payloads: unknown[] = [];
      const marker = `marker ${Math.random()}`;
      const marked = new Promise<void>((resolve) => {
        client.on('notification', ({ payload = '' }) => {
          if (payload === marker) resolve();
          else if (!payload.startsWith('marker ')) payloads.push(JSON.parse(payload));
        });
      });
      return {
        async settled() {
          await pool!.query('SELECT pg_notify($1, $2)', [channel, marker]);
          await marked;
          return payloads;
        },
      };
    },
  };
};
