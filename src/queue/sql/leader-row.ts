import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';
import { notifying } from './notify.js';

/**
 * Chancy uses the row with id 1 alone (wire contract, section 7). The table has one row: every statement reads it by its primary key, and
 * its times are the server's, so that workers need not agree on one. `clock_timestamp()`, as a statement may have waited for the row.
 */
const leaseEnd = 'clock_timestamp() + make_interval(secs => $2::float8 / 1000)';

/**
 * Deletes what could keep worker $1 from taking the lease: leases that are over, and rows of its own that nobody uses (worker_id is
 * unique).
 */
export const deleteOldLeases = (tables: Tables): Statement => ({
  text: `DELETE FROM ${tables.leader} WHERE id <> 1 AND (worker_id = $1 OR expires_at < clock_timestamp())`,
});

/**
 * Takes the lease for worker $1 and $2 ms, or renews it, and says so with payload $4 on channel $3 or NULL; no row when another worker has
 * it. A renewal is one only for the holder, so that a worker that was stalled does not prolong its successor's lease.
 */
export const claimLease = (tables: Tables): Statement => ({
  text: `
WITH claimed AS (
  INSERT INTO ${tables.leader} AS held (id, worker_id, expires_at) VALUES (1, $1, ${leaseEnd})
  ON CONFLICT (id) DO UPDATE SET
    worker_id = excluded.worker_id,
    first_seen = CASE WHEN held.worker_id = excluded.worker_id THEN held.first_seen ELSE excluded.first_seen END,
    expires_at = ${leaseEnd}
  WHERE held.worker_id = excluded.worker_id OR held.expires_at <= clock_timestamp()
  RETURNING worker_id
)
SELECT worker_id, ${notifying('$3', '$4')} FROM claimed`,
});

export interface HeldLeaseRow {
  readonly worker_id: string;
  /** Ms until the lease ends; negative when it has. */
  readonly ends_in_ms: number;
}

/** Who has the lease, and for how long. */
export const selectLease = (tables: Tables): Statement => ({
  text: `
SELECT worker_id, (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS ends_in_ms
FROM ${tables.leader} WHERE id = 1`,
});

/** Gives the lease of worker $1 back, so that another one need not wait for its end; $2 channel or NULL, $3 payload. */
export const releaseLease = (tables: Tables): Statement => ({
  text: `
WITH released AS (DELETE FROM ${tables.leader} WHERE id = 1 AND worker_id = $1 RETURNING worker_id)
SELECT worker_id, ${notifying('$2', '$3')} FROM released`,
});

/**
 * A row when worker $1 has the lease now. It cannot be taken or end up with another worker until the transaction ends: whoever wants it
 * waits.
 */
export const holdLease = (tables: Tables): Statement => ({
  text: `SELECT 1 FROM ${tables.leader} WHERE id = 1 AND worker_id = $1 AND expires_at > clock_timestamp() FOR SHARE`,
});

/** Says that a lease was lost; $1 channel or NULL, $2 payload. */
export const tellLoss = (): Statement => ({ text: `SELECT ${notifying('$1', '$2')}` });
