import { rm } from 'node:fs/promises';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { inspectCluster } from './bring-up.js';
import { dataLayout } from './data-layout.js';

/**
 * Removes a temporary data directory with everything in it; harmless when it is not there.
 * @throws SpoolgateError POSTGRES_DATA_DIRECTORY when a server still runs on it.
 */
export const removeDataDirectory = async (dataDir: string): Promise<void> => {
  const inspection = await inspectCluster(dataLayout(dataDir));
  if (inspection.kind === 'live')
    throw new SpoolgateError('POSTGRES_DATA_DIRECTORY', {
      detail: `${dataDir} is not removed: Postgres (process ${inspection.pid}) still runs on it`,
    });
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
};
