import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { sleep } from '../../src/lifecycle/sleep.js';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Understood by node-postgres and libpq; the host may be a Unix socket's folder. */
  readonly url: string;
  /** Ends whoever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** A fresh, empty database inside the run's Postgres. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const name = `spoolgate_test_${randomBytes(6).toString('hex')}`;
  await execute(`CREATE DATABASE ${name}`);
  return {
    url: withDatabase(inject('postgresUrl'), name),
    drop: () => dropDatabase(name),
  };
};

/** An autovacuum worker in the database may not be ended by this user, and is soon gone by itself. */
const dropDatabase = async (name: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      const isBusy = error instanceof pg.DatabaseError && error.code === '42501';
      if (!isBusy || tries === 20) throw error;
      await sleep(250);
    }
  }
};

/** The same server's URL with another database; by text, as `new URL` refuses the empty host of a Unix socket. */
export const withDatabase = (url: string, database: string): string =>
  url.replace(/^(\w+:\/\/[^/?]*)(?:\/[^?]*)?/, `$1/${database}`);

const execute = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  // A server that ends meanwhile must fail the awaited query, not the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
