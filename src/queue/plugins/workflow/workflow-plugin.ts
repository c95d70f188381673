import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import { isConnectionError } from '../../database/database.js';
import { isJobId } from '../../job-id.js';
import type { QueryClient } from '../../job-store.js';
import { Plugin, type PluginWorker } from '../../plugin.js';
import type { QueuedJob } from '../../queued-job.js';
import { deleteFinishedWorkflows, selectActiveWorkflows } from '../../sql/workflows.js';
import type { Tables } from '../../tables.js';
import { dutyLoop } from '../duty-loop.js';
import { isLeader } from '../is-leader.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { type Advanced, type AdvanceOptions, advanceWorkflows } from './advance.js';
import { DueWorkflows } from './due-workflows.js';
import { workflowMigrations } from './migrations.js';
import type { StoredWorkflow } from './stored-workflow.js';
import type { Workflow } from './workflow.js';
import {
  type ListWorkflowsOptions,
  type WaitForWorkflowOptions,
  getWorkflow,
  listStoredWorkflows,
  pushWorkflow,
  waitForWorkflow,
} from './workflow-store.js';

export interface WorkflowPluginOptions {
  /** Ms between two looks of the leader at every workflow that is not finished; 30,000 by default. */
  readonly pollIntervalMs?: number;
  /** How long `cleanup` keeps workflows that are finished, ms; 86,400,000 (a day) by default. */
  readonly keepFinishedMs?: number;
  /** Most workflows that one `cleanup` deletes; 10,000 by default. */
  readonly cleanupLimit?: number;
}

const schema = z.strictObject({
  pollIntervalMs: ms(30_000),
  keepFinishedMs: z.int().nonnegative().default(86_400_000),
  cleanupLimit: z.int().positive().default(10_000),
});

/** Workflows in one transaction, so that none is locked for long. */
const mostAtOnce = 100;
const pageSize = 1000;

/** A hub event of ours, by which a hook wakes the loop. */
const wakeUp = 'spoolgate.workflow_due';

/**
 * Runs workflows on Chancy's tables, together with Python's workers (wire contract, section 11). A workflow goes on at once when one of
 * its steps ends on a worker with this plugin, whoever leads; the leader looks at all of them now and then, for what no worker told.
 */
export class WorkflowPlugin extends Plugin {
  override readonly identifier = 'chancy.workflow_plugin';
  override readonly migrations = workflowMigrations;
  readonly #options: z.output<typeof schema>;
  readonly #due = new Map<string, DueWorkflows>();

  /** Throws `APP_INVALID`, naming the option. */
  constructor(options: WorkflowPluginOptions = {}) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
  }

  /**
   * Stores a workflow, in one transaction with the jobs of the steps that wait for nothing; resolves to its id. Rejects with
   * `WORKFLOW_INVALID` for one that could not come to its end.
   */
  static push(chancy: Chancy, workflow: Workflow): Promise<string> {
    workflow.check();
    return chancy.database.transaction((client) => pushWorkflow(client, chancy, workflow));
  }

  /** The same on a connection of the caller's, inside its transaction: it begins when the caller commits. */
  static async pushEx(client: QueryClient, chancy: Chancy, workflow: Workflow): Promise<string> {
    return pushWorkflow(client, chancy, workflow);
  }

  /** Null if there is no such workflow (any more). */
  static get(chancy: Chancy, id: string): Promise<StoredWorkflow | null> {
    return getWorkflow(chancy, id);
  }

  /** With their steps, the newest first. */
  static list(chancy: Chancy, options: ListWorkflowsOptions = {}): Promise<StoredWorkflow[]> {
    return listStoredWorkflows(chancy, options);
  }

  /** Resolves when the workflow has ended; to null when there is no such workflow (any more). */
  static waitFor(chancy: Chancy, id: string, options: WaitForWorkflowOptions = {}): Promise<StoredWorkflow | null> {
    return waitForWorkflow(chancy, id, options);
  }

  override tables(tables: Tables): readonly string[] {
    return [tables.table('workflows'), tables.table('workflow_steps')];
  }

  override onJobUpdated(worker: PluginWorker, job: QueuedJob): Promise<void> {
    const id = job.meta['workflow_id'];
    if (typeof id === 'string' && isJobId(id) && (job.state === 'succeeded' || job.state === 'failed')) {
      this.#dueOf(worker).add(id, true);
      worker.hub.emit(wakeUp);
    }
    return Promise.resolve();
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const due = this.#dueOf(worker);
    let pollAt = -Infinity;
    const offs = [
      // A worker that names itself has taken the workflow on by itself before it told.
      worker.hub.on('workflow.step_completed', ({ workflow_id: id, by }) => {
        if (by === undefined && typeof id === 'string' && isJobId(id)) due.add(id, false);
      }),
      worker.hub.on('workflow.created', ({ id }) => {
        if (typeof id === 'string' && isJobId(id) && isLeader(chancy.plugins, worker)) due.add(id, false);
      }),
      worker.hub.on('leadership.gained', () => {
        pollAt = -Infinity;
      }),
    ];
    const wakeOn = [wakeUp, 'workflow.step_completed', 'workflow.created', 'leadership.gained'];
    const { pollIntervalMs: intervalMs } = this.#options;
    try {
      await dutyLoop({ worker, signal, doing: 'taking workflows on', intervalMs, wakeOn }, async () => {
        await this.#advanceDue(worker, chancy, due);
        if (!isLeader(chancy.plugins, worker)) return undefined;
        if (performance.now() >= pollAt) {
          await this.#poll(worker, chancy, due, signal);
          pollAt = performance.now() + intervalMs;
        }
        return pollAt - performance.now();
      });
      // The last results are stored before plugins are told to end. What cannot be done any more is the leader's to find.
      await this.#advanceDue(worker, chancy, due).catch(() => undefined);
    } finally {
      for (const off of offs) off();
    }
    this.#due.delete(worker.workerId);
  }

  /** Deletes workflows that ended a day ago, with their steps; their jobs are the pruner's. */
  override async cleanup({ database, tables }: Chancy): Promise<number> {
    const { keepFinishedMs, cleanupLimit } = this.#options;
    const rows = await database.query(deleteFinishedWorkflows(tables), [keepFinishedMs / 1000, cleanupLimit]);
    return rows.length;
  }

  #dueOf({ workerId }: PluginWorker): DueWorkflows {
    const due = this.#due.get(workerId) ?? new DueWorkflows();
    this.#due.set(workerId, due);
    return due;
  }

  async #advanceDue(worker: PluginWorker, chancy: Chancy, due: DueWorkflows): Promise<void> {
    const faults = new Faults();
    while (!due.isEmpty) {
      const { ids, areOurs } = due.take(mostAtOnce);
      // Whoever has it locked may have looked before our step was stored, so its lock is waited for.
      const options: AdvanceOptions = areOurs ? { busy: 'wait', stepsCompletedBy: worker.workerId } : { busy: 'skip' };
      try {
        await this.#advance(worker, chancy, ids, options);
      } catch (error) {
        if (isConnectionError(error)) {
          for (const id of ids) due.add(id, areOurs);
          throw error;
        }
        faults.add(error);
      }
    }
    faults.throwAny();
  }

  /** Looks at every workflow that is not finished, the oldest first, however many there are. */
  async #poll(worker: PluginWorker, chancy: Chancy, due: DueWorkflows, signal: AbortSignal): Promise<void> {
    const { database, tables } = chancy;
    const faults = new Faults();
    let last: { id: string; age: string } | undefined;
    do {
      const values = [last?.age ?? null, last?.id ?? null, pageSize];
      const page: { id: string; age: string }[] = await database.query(selectActiveWorkflows(tables), values);
      for (let at = 0; at < page.length && !signal.aborted; at += mostAtOnce) {
        const ids = page.slice(at, at + mostAtOnce).map(({ id }) => id);
        await this.#advance(worker, chancy, ids, { busy: 'skip' }).catch((error: unknown) => faults.add(error));
        await this.#advanceDue(worker, chancy, due);
      }
      last = page.length < pageSize ? undefined : page.at(-1);
    } while (last !== undefined && !signal.aborted);
    faults.throwAny();
  }

  /** One that the database will not take on spoils only itself. */
  async #advance(worker: PluginWorker, chancy: Chancy, ids: readonly string[], options: AdvanceOptions): Promise<void> {
    try {
      const advanced = await chancy.database.transaction((client) => advanceWorkflows(client, chancy, ids, options));
      for (const one of advanced) tell(worker, one);
    } catch (error) {
      if (isConnectionError(error) || ids.length === 1) throw error;
      const faults = new Faults();
      for (const id of ids) {
        await this.#advance(worker, chancy, [id], options).catch((reason: unknown) => faults.add(reason));
      }
      faults.throwAny();
    }
  }
}

/** Keeps the first error of several things that are done in spite of one another; but the loss of the database ends them all. */
class Faults {
  #first: unknown;

  add(error: unknown): void {
    if (isConnectionError(error)) throw error;
    this.#first ??= error;
  }

  throwAny(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}

const tell = ({ workerId, events, hub }: PluginWorker, { id, name, end }: Advanced): void => {
  if (end === undefined) return;
  const { state } = end;
  const reason = state === 'failed' ? { reason: end.reason } : {};
  events.emit('workflow.finished', { workerId, workflowId: id, name, state, ...reason });
  hub.emit('workflow.finished', { workflow_id: id, name, state, ...reason });
};
