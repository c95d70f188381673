import { SpoolgateError } from '../errors/spoolgate-error.js';
import { PrintingPlugin } from '../printing/plugin/printing-plugin.js';
import { Chancy } from '../queue/chancy.js';
import type { Cli } from './cli.js';
import { openDatabase } from './open-database.js';
import { untilInterrupted } from './until-interrupted.js';

export interface WithDatabaseOptions {
  /** The command sees to the tables' version by itself. */
  readonly anyVersion?: boolean;
}

/**
 * Runs a command's work on the database, and lets go of it afterwards. The tables must be up to date (MIGRATIONS_NEEDED); those of our
 * own Postgres are brought up to date without asking, as nobody else looks after them.
 */
export const withDatabase = async <T>(
  cli: Cli,
  work: (chancy: Chancy) => Promise<T>,
  options: WithDatabaseOptions = {},
): Promise<T> => {
  const database = await openDatabase(cli);
  try {
    const chancy = appOn(cli, database.url);
    try {
      const run = async (): Promise<T> => {
        if (options.anyVersion !== true) await requireTables(chancy, database.embedded !== undefined);
        return work(chancy);
      };
      return await untilInterrupted(cli.signal, run());
    } finally {
      await chancy.close();
    }
  } finally {
    await database.close();
  }
};

/** The app as commands use it: the gateway's tables, no executors. */
const appOn = (cli: Cli, url: string): Chancy => {
  const { prefix } = cli.settings;
  return new Chancy({
    dsn: url,
    applicationName: 'spoolgate cli',
    plugins: [new PrintingPlugin()],
    ...(prefix === undefined ? {} : { prefix }),
  });
};

const requireTables = async (chancy: Chancy, isOurs: boolean): Promise<void> => {
  if (await chancy.isUpToDate()) return;
  if (!isOurs) throw new SpoolgateError('MIGRATIONS_NEEDED');
  await chancy.migrate();
};
