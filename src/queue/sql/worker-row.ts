import type { Statement } from '../database/database.js';
import type { Tables } from '../tables.js';

/** Deletes the rows of workers that have not been seen for their whole lease. The table has a row a worker: read as a whole. */
export const deleteExpiredWorkers = (tables: Tables): Statement => ({
  name: tables.statementName('delete_expired_workers'),
  text: `DELETE FROM ${tables.workers} WHERE expires_at < now()`,
});

/**
 * Says that worker $1 with tags $2 serves queues $3 and lives for at least $4 ms more, and, with a channel $5 and payload $6, tells
 * everybody (wire contract, section 7). Tags and queues are never NULL. By primary key.
 */
export const announceWorker = (tables: Tables): Statement => ({
  name: tables.statementName('announce_worker'),
  text: `
WITH announced AS (
  INSERT INTO ${tables.workers} (worker_id, tags, queues, last_seen, expires_at)
  VALUES ($1, $2::text[], $3::text[], now(), now() + make_interval(secs => $4::float8 / 1000))
  ON CONFLICT (worker_id) DO UPDATE SET
    tags = excluded.tags, queues = excluded.queues, last_seen = excluded.last_seen, expires_at = excluded.expires_at
  RETURNING worker_id
)
SELECT CASE WHEN $5::text IS NOT NULL THEN pg_notify($5, $6) END FROM announced`,
});

/** Removes worker $1 at a clean stop: what it still had is recovered sooner. By primary key. */
export const deleteWorker = (tables: Tables): Statement => ({
  name: tables.statementName('delete_worker'),
  text: `DELETE FROM ${tables.workers} WHERE worker_id = $1`,
});
