import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import type { Chancy } from '../../chancy.js';
import type { DatabaseClient } from '../../database/database.js';
import { Plugin, type PluginWorker } from '../../plugin.js';

export const leadershipIdentifier = 'chancy.leadership';

/**
 * Chooses the one worker that does what must be done once in the whole cluster. Plugins with such duties name `chancy.leadership` in
 * `dependencies`, get it by `leaderElection(chancy)`, and ask before each duty.
 */
export abstract class LeaderElection extends Plugin {
  override readonly identifier = leadershipIdentifier;

  /** Whether this worker leads, as far as is known here: good for not asking the database in vain, not for anything that must be exact. */
  abstract isLeader(worker: PluginWorker): boolean;

  /**
   * Runs a duty in a transaction in which this worker is the leader from beginning to end; undefined, without running it, when it is not.
   * Keep it short: nobody can become leader meanwhile, and a transaction that idles for 30 s is ended by the server.
   */
  abstract asLeader<T>(
    worker: PluginWorker,
    chancy: Chancy,
    duty: (client: DatabaseClient) => Promise<T>,
  ): Promise<T | undefined>;
}

/** The app's election. Throws `APP_INVALID` when it has none. */
export const leaderElection = (chancy: Chancy): LeaderElection => {
  const plugin = chancy.plugins.find(({ identifier }) => identifier === leadershipIdentifier);
  if (plugin instanceof LeaderElection) return plugin;
  throw new SpoolgateError('APP_INVALID', { detail: `plugins: ${leadershipIdentifier} is not a LeaderElection` });
};
