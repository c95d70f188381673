import type { MigrationStep } from '../../plugin.js';
import { quoteIdentifier } from '../../tables.js';
import { nameIsTaken } from '../name-taken.js';

/** Chancy gives this constraint no prefix (wire contract, section 1.1). */
const leaderConstraint = 'leader_worker_id_unique';

/** The base tables. */
export const v1: MigrationStep = {
  async up(client, tables) {
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${tables.jobs} (
        id uuid PRIMARY KEY,
        queue text NOT NULL,
        func text NOT NULL,
        kwargs json NOT NULL DEFAULT '{}',
        limits json NOT NULL DEFAULT '[]',
        meta json NOT NULL DEFAULT '{}',
        state varchar(25) NOT NULL DEFAULT 'pending',
        priority integer DEFAULT 0,
        attempts integer DEFAULT 0,
        max_attempts integer DEFAULT 1,
        taken_by text,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        completed_at timestamptz,
        scheduled_at timestamptz NOT NULL DEFAULT now(),
        unique_key text,
        errors json NOT NULL DEFAULT '[]'
      )`);
    await client.query(`
      CREATE UNIQUE INDEX IF NOT EXISTS ${tables.table('jobs_unique_key')} ON ${tables.jobs} (unique_key)
      WHERE unique_key IS NOT NULL AND state NOT IN ('succeeded', 'failed')`);
    await client.query(`
      CREATE TABLE IF NOT EXISTS ${tables.queues} (
        name text PRIMARY KEY,
        state text NOT NULL DEFAULT 'active',
        concurrency integer DEFAULT 1,
        tags text[],
        executor text NOT NULL DEFAULT 'chancy.executors.process.ProcessExecutor',
        executor_options json,
        polling_interval integer DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        rate_limit integer,
        rate_limit_window integer
      )`);
    await client.query(`
      CREATE UNLOGGED TABLE IF NOT EXISTS ${tables.workers} (
        worker_id text PRIMARY KEY,
        tags text[],
        queues text[],
        last_seen timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      )`);
    // A second prefix in the same schema finds the name of the first one's constraint taken.
    const constraint = (await nameIsTaken(client, leaderConstraint))
      ? tables.table(leaderConstraint)
      : quoteIdentifier(leaderConstraint);
    await client.query(`
      CREATE UNLOGGED TABLE IF NOT EXISTS ${tables.leader} (
        id bigserial PRIMARY KEY,
        worker_id text NOT NULL,
        first_seen timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT ${constraint} UNIQUE (worker_id)
      )`);
    await client.query(`
      CREATE UNLOGGED TABLE IF NOT EXISTS ${tables.queueRateLimits} (
        queue varchar(255) PRIMARY KEY,
        window_start integer NOT NULL,
        count integer NOT NULL DEFAULT 0
      )`);
  },
  async down(client, tables) {
    const { jobs, queues, workers, leader, queueRateLimits } = tables;
    await client.query(`DROP TABLE IF EXISTS ${[jobs, queues, workers, leader, queueRateLimits].join(', ')}`);
  },
};
