import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { dataLayout } from './data-layout.js';
import { type FindBinariesOptions, findBinaries } from './find-binaries.js';
import { clusterMajor } from './init-cluster.js';
import type { PostgresBinaries } from './postgres-binaries.js';

export interface LocateDatabaseOptions extends Pick<FindBinariesOptions, 'env' | 'systemRoot' | 'npm'> {
  /** What `--database-url` said. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
}

export type DatabaseLocation =
  | { readonly kind: 'url'; readonly url: string; readonly from: '--database-url' | 'DATABASE_URL' }
  /** To be run with `new EmbeddedPostgres(location)`. */
  | { readonly kind: 'embedded'; readonly dataDir: string; readonly binaries: readonly PostgresBinaries[] };

const databaseUrl = z.string().regex(/^postgres(?:ql)?:\/\/\S+$/);

/**
 * Which database to use: that of `--database-url`, else of `DATABASE_URL` (an empty one counts as none), else one of our own in the
 * data directory, with the binaries that findBinaries prefers. Connects to nothing and writes nothing.
 * @throws SpoolgateError DATABASE_URL_INVALID (which never quotes the URL: it may hold a password), POSTGRES_NOT_FOUND,
 * POSTGRES_VERSION.
 */
export const locateDatabase = async (options: LocateDatabaseOptions): Promise<DatabaseLocation> => {
  const { env = process.env, dataDir } = options;
  const given = [
    ['--database-url', options.databaseUrl],
    ['DATABASE_URL', env['DATABASE_URL']],
  ] as const;
  for (const [from, url] of given) {
    if (!url) continue;
    if (!databaseUrl.safeParse(url).success)
      throw new SpoolgateError('DATABASE_URL_INVALID', { detail: `${from} does not begin with postgresql://` });
    return { kind: 'url', url, from };
  }
  const layout = dataLayout(dataDir);
  const major = await clusterMajor(layout);
  const binaries = await findBinaries({ ...options, clusterMajor: major, cluster: layout.cluster });
  return { kind: 'embedded', dataDir: layout.dataDir, binaries };
};
