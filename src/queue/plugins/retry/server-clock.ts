import type { Chancy } from '../../chancy.js';
import { type ServerTimeRow, serverTime } from '../../sql/cron-rows.js';

/** Tells the database's time without asking it each time: workers' clocks differ, and due times are compared with the database's. */
export class ServerClock {
  readonly #now: () => number;
  /** Ms by which the database is ahead of this process. */
  #aheadMs = 0;

  /** `now` is this process's clock, ms since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Compares the clocks. */
  async set({ database }: Chancy): Promise<void> {
    const before = this.#now();
    const [row] = await database.query<ServerTimeRow>(serverTime(), []);
    const after = this.#now();
    if (row !== undefined) this.#aheadMs = row.now_ms - (before + after) / 2;
  }

  /** Ms since the epoch. This process's own time until the clocks were compared. */
  now(): number {
    return this.#now() + this.#aheadMs;
  }
}
