import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import { int32 } from '../../field.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import { type LastIdRow, type RaisedRow, lastJobId, raisePriority } from '../../sql/raise-priority.js';
import { dutyLoop } from '../duty-loop.js';
import { leaderElection, leadershipIdentifier } from '../leadership/leader-election.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { Rule } from '../rules/rule.js';

export interface ReprioritizeOptions {
  /** Which of the jobs that wait are raised. */
  readonly rule: Rule;
  /** By how much at each pass; 1 by default. May be negative. */
  readonly by?: number;
  /** Ms between two passes; 300,000 by default, as in Chancy. */
  readonly pollIntervalMs?: number;
  /** Most jobs that are raised in one transaction; 1000 by default, as in Chancy. */
  readonly batchSize?: number;
}

const schema = z.strictObject({
  rule: z.instanceof(Rule, { error: 'is not a Rule' }),
  by: int32().default(1),
  pollIntervalMs: ms(300_000),
  batchSize: z.int().min(1).max(100_000).default(1000),
});

const firstId = '00000000-0000-0000-0000-000000000000';

/** Raises the priority of jobs that have waited, each once a pass, so that nothing starves. Done by the leader alone. */
export class Reprioritize extends Plugin {
  override readonly identifier = 'chancy.reprioritize';
  readonly #options: z.output<typeof schema>;

  constructor(options: ReprioritizeOptions) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
  }

  override dependencies(): readonly string[] {
    return [leadershipIdentifier];
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const { pollIntervalMs: intervalMs } = this.#options;
    const loop = { worker, signal, doing: 'reprioritizing', intervalMs, wakeOn: ['leadership.gained'] };
    let dueAt = -Infinity;
    await dutyLoop(loop, async () => {
      if (!leaderElection(chancy).isLeader(worker)) return undefined;
      // Whatever woke us: the next pass is not due before its time.
      const early = dueAt - performance.now();
      if (early > 0) return early;
      dueAt = performance.now() + intervalMs;
      const [newest] = await chancy.database.query<LastIdRow>(lastJobId(chancy.tables), []);
      if (newest !== undefined) await this.#raiseAll(worker, chancy, signal, newest.id);
      return undefined;
    });
  }

  /** One pass: along the ids that are there at its beginning, so that it ends. */
  async #raiseAll(worker: PluginWorker, chancy: Chancy, signal: AbortSignal, upTo: string): Promise<void> {
    let rows = 0;
    for (let after = firstId; !signal.aborted;) {
      const raised = await this.#raiseSome(worker, chancy, after, upTo);
      rows += raised?.seen ?? 0;
      if (raised === undefined || raised.last === null || raised.seen < this.#options.batchSize) break;
      after = raised.last;
    }
    if (rows > 0) worker.events.emit('reprioritize.raised', { workerId: worker.workerId, rows });
  }

  #raiseSome(worker: PluginWorker, chancy: Chancy, after: string, upTo: string): Promise<RaisedRow | undefined> {
    const { rule, by, batchSize } = this.#options;
    return leaderElection(chancy).asLeader(worker, chancy, async (client) => {
      const { text, values } = raisePriority(chancy.tables, { rule, by, after, upTo, batchSize });
      const { rows } = await client.query<RaisedRow>(text, [...values]);
      return rows[0];
    });
  }
}
