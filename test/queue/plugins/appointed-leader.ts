import { LeaderElection } from '../../../src/queue/plugins/leadership/leader-election.js';

/** Leads when it is told to. */
export class Appointed extends LeaderElection {
  leads = false;
  asked = 0;

  override isLeader(): boolean {
    this.asked += 1;
    return this.leads;
  }
  override asLeader<T>(): Promise<T | undefined> {
    return Promise.resolve(undefined);
  }
}
