import { EventBus } from '../events/event-bus.js';
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from '../postgres/embedded-postgres.js';
import { locateDatabase } from '../postgres/locate-database.js';
import type { Cli } from './cli.js';
import { Interrupted } from './interrupted.js';

export interface OpenDatabase {
  readonly url: string;
  /** Our own Postgres, where it is that. */
  readonly embedded: EmbeddedPostgres | undefined;
  /** Lets go of it; the last one to leave our own Postgres stops it. */
  close(): Promise<void>;
}

export interface OpenDatabaseOptions extends Pick<EmbeddedPostgresOptions, 'events' | 'exclusive' | 'settings'> {
  readonly dataDir?: string;
  /** Uses our own Postgres whatever DATABASE_URL says. */
  readonly alwaysEmbedded?: boolean;
}

/**
 * The database that flags and environment point to: a URL, which is not tried yet, or a Postgres of our own, which is started or adopted.
 * An interrupt cuts the start short and leaves nothing running.
 */
export const openDatabase = async (cli: Cli, options: OpenDatabaseOptions = {}): Promise<OpenDatabase> => {
  const { dataDir = cli.settings.dataDir, events = new EventBus(), alwaysEmbedded = false, ...server } = options;
  const location = await locateDatabase({
    dataDir,
    ...(alwaysEmbedded ? { env: { ...process.env, DATABASE_URL: '' } } : { databaseUrl: cli.settings.databaseUrl }),
  });
  if (location.kind === 'url') return { url: location.url, embedded: undefined, close: () => Promise.resolve() };
  const { binaries } = location;
  const postgres = new EmbeddedPostgres({ dataDir: location.dataDir, binaries, events, ...server });
  const forget = events.on('postgres.initialized', ({ version, dataDir: made }) => {
    if (!alwaysEmbedded && !cli.json)
      cli.note(cli.noteColours.dim(`Made a new database (Postgres ${version}) in ${made}`));
  });
  const interrupt = (): void => void postgres.stop();
  cli.signal.addEventListener('abort', interrupt, { once: true });
  try {
    if (cli.signal.aborted) throw new Interrupted();
    await postgres.start();
    if (cli.signal.aborted) throw new Interrupted();
  } catch (error) {
    await postgres.stop();
    throw cli.signal.aborted ? new Interrupted() : error;
  } finally {
    forget();
    cli.signal.removeEventListener('abort', interrupt);
  }
  return { url: postgres.connectionString, embedded: postgres, close: () => postgres.stop() };
};
