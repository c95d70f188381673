import { z } from 'zod';
import { SpoolgateError } from '../../../errors/spoolgate-error.js';
import type { Chancy } from '../../chancy.js';
import type { DatabaseClient } from '../../database/database.js';
import { formatNotification } from '../../notification.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import { notifyAll } from '../../sql/notify-all.js';
import {
  type MissingWorkersRow,
  type RecoveredRow,
  findMissingWorkers,
  isFullBatch,
  recoverJobs,
} from '../../sql/recover-jobs.js';
import { dutyLoop } from '../duty-loop.js';
import { leaderElection, leadershipIdentifier } from '../leadership/leader-election.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { JobRules } from '../rules/job-rules.js';
import { Rule } from '../rules/rule.js';
import { MissingWorkers, type WorkerName } from './missing-workers.js';

/** Jobs that are not to be started a second time by themselves: any of the three. */
interface InterruptedJobs {
  readonly queues?: readonly string[];
  readonly funcs?: readonly string[];
  readonly rule?: Rule;
}

export interface RecoveryOptions {
  /** Ms between two looks; 60,000 by default, as in Chancy. A worker that is missing is looked after when its time is up. */
  readonly pollIntervalMs?: number;
  /** A worker without a heartbeat for this long is missing, ms; 90,000 by default, as in Chancy. A worker's own longer timeout counts. */
  readonly heartbeatTimeoutMs?: number;
  /** How long it must be missing, as seen by one leader without a break, until it counts as dead, ms; heartbeatTimeoutMs by default. */
  readonly graceMs?: number;
  /** A job fails with JOB_KILLED_WORKERS when its worker has died under it so often; 3 by default, null for never, as in Chancy. */
  readonly maxDeaths?: number | null;
  /** Jobs that fail with JOB_INTERRUPTED when their worker has died. None by default. */
  readonly interrupted?: InterruptedJobs;
}

const schema = z.strictObject({
  pollIntervalMs: ms(60_000),
  heartbeatTimeoutMs: ms(90_000),
  graceMs: z.int().nonnegative().optional(),
  maxDeaths: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .nullable()
    .default(3),
  interrupted: z
    .strictObject({
      queues: z.array(z.string()).readonly().optional(),
      funcs: z.array(z.string()).readonly().optional(),
      rule: z.instanceof(Rule, { error: 'is not a Rule' }).optional(),
    })
    .optional(),
});

const messages = {
  interrupted: new SpoolgateError('JOB_INTERRUPTED').message,
  killed: new SpoolgateError('JOB_KILLED_WORKERS').message,
};

/**
 * Puts the jobs of dead workers, Python's among them, back in line. Done by the leader alone. A worker that lives keeps its jobs, also when
 * a crash of the server has emptied the table by which its life is known.
 */
export class Recovery extends Plugin {
  override readonly identifier = 'chancy.recovery';
  readonly #options: z.output<typeof schema>;
  readonly #interrupted: Rule | undefined;

  constructor(options: RecoveryOptions = {}) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
    this.#interrupted = interruptedRule(this.#options.interrupted);
  }

  override dependencies(): readonly string[] {
    return [leadershipIdentifier];
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const { pollIntervalMs: intervalMs, heartbeatTimeoutMs, graceMs = heartbeatTimeoutMs } = this.#options;
    const workers = new MissingWorkers(graceMs);
    const off = worker.hub.on('worker.database_lost', () => workers.forget());
    try {
      const loop = { worker, signal, doing: 'recovering jobs', intervalMs, wakeOn: ['leadership.gained'] };
      await dutyLoop(loop, () => this.#look(worker, chancy, workers));
    } finally {
      off();
    }
  }

  async #look(worker: PluginWorker, chancy: Chancy, workers: MissingWorkers): Promise<number> {
    if (!leaderElection(chancy).isLeader(worker)) {
      workers.forget();
      return Infinity;
    }
    const { heartbeatTimeoutMs } = this.#options;
    try {
      const statement = findMissingWorkers(chancy.tables);
      const [row] = await chancy.database.query<MissingWorkersRow>(statement, [heartbeatTimeoutMs]);
      const { missing, up_ms: upMs } = row ?? { missing: [], up_ms: 0 };
      const { dead, waitMs } = workers.look(missing, performance.now());
      // Nobody could announce himself while the server was down.
      if (upMs < heartbeatTimeoutMs) return Math.min(waitMs, heartbeatTimeoutMs - upMs);
      if (dead.length > 0) await this.#recover(worker, chancy, dead);
      return waitMs;
    } catch (error) {
      workers.forget();
      throw error;
    }
  }

  async #recover(worker: PluginWorker, chancy: Chancy, dead: readonly WorkerName[]): Promise<void> {
    const began = performance.now();
    for (let isMore = true; isMore;) {
      const rows = await leaderElection(chancy).asLeader(worker, chancy, (client) =>
        this.#recoverSome(client, chancy, dead, began),
      );
      isMore = rows !== undefined && isFullBatch(rows);
      if (rows === undefined || rows.length === 0) return;
      const ids = (state: string): string[] => rows.filter((row) => row.state === state).map(({ id }) => id);
      const { workerId } = worker;
      worker.events.emit('recovery.recovered', { workerId, recovered: ids('pending'), failed: ids('failed') });
    }
  }

  async #recoverSome(
    client: DatabaseClient,
    { tables, notifications }: Chancy,
    dead: readonly WorkerName[],
    began: number,
  ): Promise<readonly RecoveredRow[]> {
    const { heartbeatTimeoutMs, maxDeaths } = this.#options;
    const { text, values } = recoverJobs(tables, {
      workers: dead.filter((name) => name !== null),
      unnamed: dead.includes(null),
      timeoutMs: heartbeatTimeoutMs,
      maxDeaths,
      interrupted: this.#interrupted,
      messages,
    });
    const { rows } = await client.query<RecoveredRow>(text, [...values]);
    if (rows.length > 0 && notifications) {
      const queues = new Set(rows.filter(({ state }) => state === 'pending').map(({ queue }) => queue));
      const elapsed = (performance.now() - began) / 1000;
      const payloads = [
        ...[...queues].map((q) => formatNotification('queue.pushed', { q })),
        formatNotification('recovery.recovered', { elapsed, rows_recovered: rows.length }),
      ];
      await client.query(notifyAll().text, [tables.channel, payloads]);
    }
    return rows;
  }
}

const interruptedRule = (jobs: z.output<typeof schema>['interrupted']): Rule | undefined => {
  if (jobs === undefined) return undefined;
  const { queues = [], funcs = [], rule } = jobs;
  const byName = JobRules.queue.in(queues).or(JobRules.func.in(funcs));
  return rule === undefined ? byName : byName.or(rule);
};
