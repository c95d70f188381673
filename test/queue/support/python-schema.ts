/**
 * Chancy's tables as Python leaves them, in plain SQL and from the wire contract alone, so that the migrations are held against
 * something that they did not make.
 */

/** Version 3: before resume_at, jsonb and eager_polling. */
export const pythonV3 = (prefix = 'chancy_'): string => `
  CREATE TABLE "${prefix}schema_version" (version_of varchar(255) PRIMARY KEY, version int);
  INSERT INTO "${prefix}schema_version" VALUES ('chancy', 3), ('metrics', 1), ('workflow', 1);
  ${tables(prefix, 'json')}
`;

/** Version 6, with rows of plugins that Spoolgate may not know. */
export const pythonV6 = (prefix = 'chancy_'): string => `
  CREATE TABLE "${prefix}schema_version" (version_of varchar(255) PRIMARY KEY, version int);
  INSERT INTO "${prefix}schema_version" VALUES ('chancy', 6), ('metrics', 1), ('workflow', 2), ('trigger', 9);
  ${tables(prefix, 'jsonb')}
  ALTER TABLE "${prefix}queues" ADD COLUMN resume_at timestamptz;
  ALTER TABLE "${prefix}queues" ADD COLUMN eager_polling boolean NOT NULL DEFAULT false;
`;

const tables = (prefix: string, json: 'json' | 'jsonb'): string => `
  CREATE TABLE "${prefix}jobs" (
    id uuid PRIMARY KEY,
    queue text NOT NULL,
    func text NOT NULL,
    kwargs ${json} NOT NULL DEFAULT '{}',
    limits ${json} NOT NULL DEFAULT '[]',
    meta ${json} NOT NULL DEFAULT '{}',
    state varchar(25) NOT NULL DEFAULT 'pending',
    priority integer DEFAULT 0,
    attempts integer DEFAULT 0,
    max_attempts integer NOT NULL DEFAULT 1,
    taken_by text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    completed_at timestamptz,
    scheduled_at timestamptz NOT NULL DEFAULT now(),
    unique_key text,
    errors ${json} NOT NULL DEFAULT '[]'
  );
  CREATE UNIQUE INDEX "${prefix}jobs_unique_key" ON "${prefix}jobs" (unique_key)
    WHERE unique_key IS NOT NULL AND state NOT IN ('succeeded', 'failed');
  CREATE INDEX "${prefix}idx_jobs_queue_state" ON "${prefix}jobs" (queue, state);
  CREATE INDEX "${prefix}idx_jobs_fetch_prune"
    ON "${prefix}jobs" (queue, state, attempts, scheduled_at, priority DESC, id DESC)
    WHERE state IN ('pending', 'retrying');
  CREATE TABLE "${prefix}queues" (
    name text PRIMARY KEY,
    state text NOT NULL DEFAULT 'active',
    concurrency int DEFAULT 1,
    tags text[],
    executor text NOT NULL DEFAULT 'chancy.executors.process.ProcessExecutor',
    executor_options ${json},
    polling_interval int DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    rate_limit int,
    rate_limit_window int
  );
  CREATE UNLOGGED TABLE "${prefix}workers" (
    worker_id text PRIMARY KEY,
    tags text[],
    queues text[],
    last_seen timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
  );
  CREATE UNLOGGED TABLE "${prefix}leader" (
    id bigserial PRIMARY KEY,
    worker_id text NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT leader_worker_id_unique UNIQUE (worker_id)
  );
  CREATE UNLOGGED TABLE "${prefix}queue_rate_limits" (
    queue varchar(255) PRIMARY KEY,
    window_start int NOT NULL,
    count int NOT NULL DEFAULT 0
  );
`;
