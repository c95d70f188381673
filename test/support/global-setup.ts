import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { removeDataDirectory } from '../../src/postgres/remove-data-directory.js';
import { endAtOnce, makeRunDirectory, removeLeftRuns } from './postgres-run-directory.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A Postgres whose user may create databases; see test/support/database.ts. */
    postgresUrl: string;
  }
}

/** One Postgres for the whole run, in a temporary folder; or that of SPOOLGATE_TEST_DATABASE_URL. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['SPOOLGATE_TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return undefined;
  }
  await removeLeftRuns();
  const dataDir = await makeRunDirectory();
  const postgres = new EmbeddedPostgres({
    dataDir,
    exclusive: true,
    // The data is thrown away, so nothing need reach the disk; several test files with pools of their own run at once.
    settings: { fsync: 'off', max_connections: '200' },
  });
  const onExit = (): void => endAtOnce(dataDir);
  // Vitest exits on SIGINT and SIGTERM without a teardown; a terminal that is closed sends SIGHUP, which it does not know.
  process.once('exit', onExit);
  process.once('SIGHUP', () => process.exit(129));
  await postgres.start();
  await allowCreatingDatabases(postgres.adminConnectionString);
  project.provide('postgresUrl', postgres.connectionString);
  return async () => {
    await postgres.stop();
    await removeDataDirectory(dataDir);
    process.off('exit', onExit);
  };
}

/** The tests run with the application's own, ordinary user, who in a test run may also create databases. */
const allowCreatingDatabases = async (adminUrl: string): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query('ALTER ROLE spoolgate CREATEDB');
  await client.end();
};
