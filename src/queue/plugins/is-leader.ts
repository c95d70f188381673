import type { Plugin, PluginWorker } from '../plugin.js';
import { LeaderElection } from './leadership/leader-election.js';

/**
 * Whether a worker may do what one worker of the cluster should do. An app without the leadership plugin has nobody to ask: each of its
 * workers does it, so the work itself must stand two at once.
 */
export const isLeader = (plugins: readonly Plugin[], worker: PluginWorker): boolean => {
  const election = plugins.find((plugin) => plugin instanceof LeaderElection);
  return election === undefined || election.isLeader(worker);
};
