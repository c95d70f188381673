import { SpoolgateError } from '../errors/spoolgate-error.js';
import { inspectBinDir, pathBinaries, systemBinaries } from './binaries/installed.js';
import { npmBinaries } from './binaries/packaged.js';
import type { BinariesFinding, PostgresBinaries } from './postgres-binaries.js';

export interface FindBinariesOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The major version that the cluster was made with: only binaries of that version will do. */
  readonly clusterMajor?: number | undefined;
  /** Named in the error. */
  readonly cluster?: string;
  /** In place of Debian's folder. */
  readonly systemRoot?: string;
  /** In place of the lookup in node_modules. */
  readonly npm?: () => Promise<BinariesFinding>;
}

/**
 * Postgres binaries that fit the cluster, best first and never none: those that `SPOOLGATE_POSTGRES_BIN` forces, and no other; else the
 * system's, newest first, then PATH's, then the npm package's.
 * @throws SpoolgateError POSTGRES_NOT_FOUND, with each place and why it did not do; POSTGRES_VERSION when all are of another major
 * version than the cluster.
 */
export const findBinaries = async (options: FindBinariesOptions = {}): Promise<readonly PostgresBinaries[]> => {
  const { env = process.env, clusterMajor, cluster = 'the data directory' } = options;
  const forced = env['SPOOLGATE_POSTGRES_BIN'];
  const findings = forced
    ? [await inspectBinDir(forced, 'forced')]
    : [
        ...(await systemBinaries(options.systemRoot)),
        ...(await pathBinaries(env['PATH'])),
        await (options.npm ?? npmBinaries)(),
      ];
  const found = withoutDoubles(findings.flatMap((finding) => ('found' in finding ? [finding.found] : [])));
  if (found.length === 0) {
    const places = findings.flatMap((finding) => ('found' in finding ? [] : [`${finding.where}: ${finding.reason}`]));
    throw new SpoolgateError('POSTGRES_NOT_FOUND', { detail: places.join('; ') });
  }
  return binariesOfMajor(found, clusterMajor, cluster);
};

/** Those of the cluster's major version; all when there is no cluster yet. @throws SpoolgateError POSTGRES_VERSION when none is. */
export const binariesOfMajor = (
  binaries: readonly PostgresBinaries[],
  clusterMajor: number | undefined,
  cluster: string,
): readonly PostgresBinaries[] => {
  const fitting = binaries.filter(({ major }) => clusterMajor === undefined || major === clusterMajor);
  if (fitting.length > 0) return fitting;
  const others = binaries.map(({ version, binDir }) => `${version} (${binDir})`).join(', ');
  throw new SpoolgateError('POSTGRES_VERSION', {
    detail: `${cluster} was made by Postgres ${clusterMajor}, and only ${others} is here. Install Postgres ${clusterMajor} (\`sudo apt install postgresql-${clusterMajor}\`), or name its folder in SPOOLGATE_POSTGRES_BIN, or move ${cluster} away to begin with an empty database`,
    data: { clusterMajor, found: binaries.map(({ version }) => version) },
  });
};

/** PATH often leads to what the system's folder held already. */
const withoutDoubles = (binaries: readonly PostgresBinaries[]): PostgresBinaries[] =>
  binaries.filter(({ binDir }, index) => binaries.findIndex((other) => other.binDir === binDir) === index);
