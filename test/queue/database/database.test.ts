import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { Database, isConnectionError } from '../../../src/queue/database/database.js';
import { withApp } from '../support/app.js';

const fixture = withApp({ migrate: false });
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  );
const throwOut = (applicationName: string): Promise<unknown> =>
  fixture.rows('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [applicationName]);

const untilAsleep = async (applicationName: string): Promise<void> => {
  const asleep = "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND wait_event = 'PgSleep'";
  while ((await fixture.rows(asleep, [applicationName])).length === 0);
};

describe('a database', () => {
  it('runs statements, prepared by name unless told otherwise', async () => {
    const prepared = { text: "SELECT name FROM pg_prepared_statements WHERE name <> ''" };
    for (const [prepare, names] of [
      [true, [{ name: 'one' }]],
      [false, []],
    ] as const) {
      const database = new Database({ dsn: fixture.url, poolSize: 1, prepare });
      expect(await database.query({ name: 'one', text: 'SELECT $1::integer AS x' }, [1])).toEqual([{ x: 1 }]);
      expect(await database.query(prepared, [])).toEqual(names);
      await database.close();
    }
  });

  it('commits a transaction, and rolls it back at a throw', async () => {
    await using app = fixture.another();
    await fixture.rows('CREATE TABLE t (x integer)');
    expect(
      await app.database.transaction(async (client) => {
        await client.query('INSERT INTO t VALUES (1)');
        return 'done';
      }),
    ).toBe('done');
    const fault = new Error('mine');
    const failed = await failure(
      app.database.transaction(async (client) => {
        await client.query('INSERT INTO t VALUES (2)');
        throw fault;
      }),
    );
    expect(failed).toBe(fault);
    expect(await fixture.rows('SELECT x FROM t')).toEqual([{ x: 1 }]);
  });

  it('drops idle connections that died, and goes on with new ones', async () => {
    const database = new Database({ dsn: fixture.url, applicationName: 'idle' });
    await database.query({ text: 'SELECT 1' }, []);
    await throwOut('idle');
    // The socket may not have said so yet: one failure is allowed, and it is known for what it is.
    const first = await database.query({ text: 'SELECT 1 AS x' }, []).catch((error: unknown) => error);
    if (first instanceof Error) expect(isConnectionError(first)).toBe(true);
    expect(await database.query({ text: 'SELECT 1 AS x' }, [])).toEqual([{ x: 1 }]);
    await database.close();
  });

  it('says that it was lost when it dies under a query or a transaction', async () => {
    const database = new Database({ dsn: fixture.url, applicationName: 'busy' });
    const sleeping = failure(database.query({ text: 'SELECT pg_sleep(60)' }, []));
    const transacting = failure(
      database.transaction(async (client) => {
        await untilAsleep('busy');
        await throwOut('busy');
        await client.query('SELECT 1');
      }),
    );
    for (const error of await Promise.all([sleeping, transacting])) {
      expect(error).toBeInstanceOf(SpoolgateError);
      expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', cause: expect.any(Error) });
      expect(isConnectionError(error)).toBe(true);
    }
    expect(await database.query({ text: 'SELECT 1 AS x' }, [])).toEqual([{ x: 1 }]);
    await database.close();
  });

  it('survives a death between two statements of a transaction', async () => {
    const database = new Database({ dsn: fixture.url, applicationName: 'between' });
    const error = await failure(
      database.transaction(async (client) => {
        const ended = new Promise((resolve) => {
          client.once('end', resolve);
        });
        await throwOut('between');
        await ended;
        throw new Error('mine, after the end');
      }),
    );
    expect(error).toMatchObject({ message: 'mine, after the end' });
    expect(await database.query({ text: 'SELECT 1 AS x' }, [])).toEqual([{ x: 1 }]);
    await database.close();
  });

  it('tells errors of a statement from a lost database', async () => {
    const error = await failure(fixture.app.database.query({ text: 'SELECT 1/0' }, []));
    expect(error).toMatchObject({ code: '22012' });
    expect(isConnectionError(error)).toBe(false);
  });

  it.each([
    ['postgresql://nobody@127.0.0.1:1/none', /ECONNREFUSED/],
    ['postgresql://nobody@localhost:1/none', /ECONNREFUSED/],
    ['postgresql://nobody@/none?host=/nowhere', /ENOENT/],
  ])('that is not there is named: %s', async (dsn, words) => {
    const database = new Database({ dsn });
    for (const error of await Promise.all([
      failure(database.query({ text: 'SELECT 1' }, [])),
      failure(database.transaction(() => Promise.resolve())),
      failure(database.connectListener()),
    ])) {
      expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', detail: expect.stringMatching(words) });
    }
    await database.close();
  });

  it('that takes the connection and says nothing is given up', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const database = new Database({ dsn: `postgresql://nobody@127.0.0.1:${port}/none`, connectionTimeoutMs: 50 });
    expect(await failure(database.query({ text: 'SELECT 1' }, []))).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    expect(await failure(database.connectListener())).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await database.close();
    server.close();
  });

  it('can be told how long a statement may take', async () => {
    const database = new Database({ dsn: fixture.url, queryTimeoutMs: 30 });
    expect(await failure(database.query({ text: 'SELECT pg_sleep(60)' }, []))).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    await database.close();
  });

  it('goes on when a column is added under its prepared statements, on every connection', async () => {
    await fixture.rows('CREATE TABLE altered (x integer)');
    const database = new Database({ dsn: fixture.url, poolSize: 2 });
    const statement = { name: 'all', text: 'SELECT *, pg_sleep(0.02)::text AS slept FROM altered' };
    const both = (): Promise<unknown> => Promise.all([database.query(statement, []), database.query(statement, [])]);
    await both();
    for (const column of ['y', 'z']) {
      await fixture.rows(`ALTER TABLE altered ADD COLUMN ${column} integer`);
      expect(await both()).toEqual([[], []]);
    }
    await fixture.rows('INSERT INTO altered VALUES (1, 2, 3)');
    expect(await database.query(statement, [])).toEqual([{ x: 1, y: 2, z: 3, slept: '' }]);
    await database.close();
  });

  it('is closed twice without harm', async () => {
    const database = new Database({ dsn: fixture.url });
    await database.query({ text: 'SELECT 1' }, []);
    await Promise.all([database.close(), database.close()]);
  });
});

describe('a listener', () => {
  it('is a connection outside the pool, and its death kills nobody', async () => {
    const database = new Database({ dsn: fixture.url, poolSize: 1, applicationName: 'app' });
    const listener = await database.connectListener();
    await listener.query('LISTEN x');
    const ended = new Promise((resolve) => {
      listener.once('end', resolve);
    });
    await throwOut('app listen');
    await ended;
    expect(await database.query({ text: 'SELECT 1 AS x' }, [])).toEqual([{ x: 1 }]);
    await database.close();
  });
});

describe('a pool of the caller’s', () => {
  it('is used, survives, and lends the listener its settings, password and all', async () => {
    const { host, port, user } = new pg.Client({ connectionString: fixture.url });
    const [row] = await fixture.rows<{ name: string }>('SELECT current_database() AS name');
    const pool = new pg.Pool({
      host,
      port,
      ...(user !== undefined && { user }),
      database: row!.name,
      password: 'hidden',
      max: 1,
    });
    const database = new Database({ pool, applicationName: 'lent' });
    await database.query({ text: 'SELECT 1' }, []);
    await throwOut('nobody');
    const listener = await database.connectListener();
    expect(listener).toMatchObject({ password: 'hidden', host });
    await listener.end();
    await database.close();
    expect((await pool.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }]);
    await pool.end();
  });
});
