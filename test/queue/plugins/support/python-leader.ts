import type { Bench } from '../../worker/support/bench.js';

/**
 * The leadership plugin of Python's Chancy 0.25 in its own statements (wire contract, section 7), with a clock that may be wrong. It knows
 * what it believes, not what is.
 */
export class PythonLeader {
  isLeader = false;
  readonly #b: Bench;
  readonly #workerId: string;
  readonly #aheadMs: number;

  constructor(b: Bench, workerId: string, aheadMs = 0) {
    this.#b = b;
    this.#workerId = workerId;
    this.#aheadMs = aheadMs;
  }

  /** One turn of its loop. */
  async turn(): Promise<boolean> {
    const now = new Date(Date.now() + this.#aheadMs);
    const expires = new Date(now.getTime() + 120_000);
    const affected = await this.#b.chancy.database.transaction(async (client) => {
      await client.query('DELETE FROM chancy_leader WHERE expires_at < $1', [now]);
      const written = this.isLeader
        ? await client.query(
            `INSERT INTO chancy_leader (id, worker_id, expires_at) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at`,
            [this.#workerId, expires],
          )
        : await client.query(
            `INSERT INTO chancy_leader (id, worker_id, expires_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING`,
            [this.#workerId, expires],
          );
      return written.rowCount ?? 0;
    });
    this.isLeader = affected > 0;
    return this.isLeader;
  }
}
