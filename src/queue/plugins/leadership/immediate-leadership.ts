import type { Chancy } from '../../chancy.js';
import type { DatabaseClient } from '../../database/database.js';
import type { PluginWorker } from '../../plugin.js';
import { LeaderElection } from './leader-election.js';

/** Every worker leads, at once and without the table: for tests and for an app that has one worker only. */
export class ImmediateLeadership extends LeaderElection {
  override isLeader(): boolean {
    return true;
  }

  override asLeader<T>(
    _worker: PluginWorker,
    chancy: Chancy,
    duty: (client: DatabaseClient) => Promise<T>,
  ): Promise<T | undefined> {
    return chancy.database.transaction(duty);
  }
}
