import { z } from 'zod';
import type { Chancy } from '../../chancy.js';
import { type DatabaseClient, isConnectionError } from '../../database/database.js';
import { formatNotification } from '../../notification.js';
import type { PluginWorker } from '../../plugin.js';
import {
  type HeldLeaseRow,
  claimLease,
  deleteOldLeases,
  holdLease,
  releaseLease,
  selectLease,
  tellLoss,
} from '../../sql/leader-row.js';
import type { Tables } from '../../tables.js';
import { dutyLoop } from '../duty-loop.js';
import { ms, pluginOptions } from '../plugin-options.js';
import { LeaderElection } from './leader-election.js';

export interface LeadershipOptions {
  /** Ms between two renewals of the lease, or two looks whether it is free; 60,000 by default, as in Chancy. Shorter than the lease. */
  readonly pollIntervalMs?: number;
  /** How long the lease lasts without a renewal, ms; 120,000 by default, as in Chancy. */
  readonly leaseMs?: number;
}

const schema = z
  .strictObject({ pollIntervalMs: ms(60_000), leaseMs: ms(120_000) })
  .refine(({ pollIntervalMs, leaseMs }) => pollIntervalMs < leaseMs, 'pollIntervalMs: must be shorter than leaseMs');

/** A leader that stands still in the middle of a duty is cut off by the server after this, ms. */
const idleLimitMs = 30_000;

/**
 * Chancy's election, on its row and by its rules (wire contract, section 7), so Node and Python workers elect one leader among them. Other
 * than Python's: the first try is made at once, only the holder renews, time is the database's, and a worker that stops gives the lease
 * back.
 */
export class Leadership extends LeaderElection {
  readonly #options: z.output<typeof schema>;
  /** When the leases of this process's workers end if they are not renewed, by performance.now(). */
  readonly #leases = new Map<string, number>();

  constructor(options: LeadershipOptions = {}) {
    super();
    this.#options = pluginOptions(this.identifier, schema, options);
  }

  override isLeader({ workerId }: PluginWorker): boolean {
    return (this.#leases.get(workerId) ?? -Infinity) > performance.now();
  }

  override async asLeader<T>(
    worker: PluginWorker,
    chancy: Chancy,
    duty: (client: DatabaseClient) => Promise<T>,
  ): Promise<T | undefined> {
    if (!this.isLeader(worker)) return undefined;
    return chancy.database.transaction(async (client) => {
      const held = await client.query(holdLease(chancy.tables).text, [worker.workerId]);
      if (held.rows.length === 0) return undefined;
      await client.query("SELECT set_config('idle_in_transaction_session_timeout', $1, true)", [`${idleLimitMs}`]);
      return duty(client);
    });
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    const { pollIntervalMs: intervalMs } = this.#options;
    const loop = { worker, signal, doing: 'electing a leader', intervalMs, wakeOn: ['leadership.lost'] };
    await dutyLoop(loop, () => this.#elect(worker, chancy));
    await this.#release(worker, chancy);
  }

  /** Takes or renews the lease; resolves to the ms after which it is free if nobody renews it. */
  async #elect(worker: PluginWorker, chancy: Chancy): Promise<number | undefined> {
    const { workerId } = worker;
    const event = this.#leases.has(workerId) ? 'leadership.renewed' : 'leadership.gained';
    const holder = await this.#claim(worker, chancy, event);
    if (holder !== undefined) {
      this.#lost(worker, chancy);
      return Math.max(0, holder.ends_in_ms) + 1;
    }
    if (event === 'leadership.gained') worker.events.emit('leadership.gained', { workerId });
    if (!chancy.notifications) worker.hub.emit(event, { worker_id: workerId });
    return undefined;
  }

  /** Resolves to who is in the way, if anybody is. */
  async #claim(worker: PluginWorker, chancy: Chancy, event: string): Promise<HeldLeaseRow | undefined> {
    const { workerId } = worker;
    const { leaseMs } = this.#options;
    const before = this.#leases.get(workerId);
    const askedAt = performance.now();
    try {
      return await chancy.database.transaction(async (client) => {
        await client.query(deleteOldLeases(chancy.tables).text, [workerId]);
        const payload = formatNotification(event, { worker_id: workerId });
        const values = [workerId, leaseMs, channelOf(chancy), payload];
        const claimed = await client.query(claimLease(chancy.tables).text, values);
        if (claimed.rows.length > 0) {
          // Now, as whoever hears the notification may ask for it before we hear of the commit.
          this.#leases.set(workerId, askedAt + leaseMs);
          return undefined;
        }
        if (before !== undefined) await client.query(tellLoss().text, [channelOf(chancy), lossOf(worker)]);
        return selectHolder(client, chancy.tables);
      });
    } catch (error) {
      if (before === undefined) this.#leases.delete(workerId);
      else this.#leases.set(workerId, before);
      throw error;
    }
  }

  #lost(worker: PluginWorker, chancy: Chancy): void {
    const { workerId } = worker;
    if (!this.#leases.delete(workerId)) return;
    worker.events.emit('leadership.lost', { workerId });
    if (!chancy.notifications) worker.hub.emit('leadership.lost', { worker_id: workerId });
  }

  async #release(worker: PluginWorker, chancy: Chancy): Promise<void> {
    const { workerId } = worker;
    if (!this.#leases.has(workerId)) return;
    try {
      await chancy.database.query(releaseLease(chancy.tables), [workerId, channelOf(chancy), lossOf(worker)]);
    } catch (error) {
      // The lease ends by itself.
      if (!isConnectionError(error)) throw error;
    }
    this.#lost(worker, chancy);
  }
}

const channelOf = ({ notifications, tables }: Chancy): string | null => (notifications ? tables.channel : null);

const lossOf = ({ workerId }: PluginWorker): string => formatNotification('leadership.lost', { worker_id: workerId });

/** The holder that was in the way; one that has gone meanwhile is not waited for. */
const selectHolder = async (client: DatabaseClient, tables: Tables): Promise<HeldLeaseRow> => {
  const { rows } = await client.query<HeldLeaseRow>(selectLease(tables).text);
  return rows[0] ?? { worker_id: '', ends_in_ms: 0 };
};
