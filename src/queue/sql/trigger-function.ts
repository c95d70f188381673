import pg from 'pg';

/** Where the parts are: quoted, and qualified by their schema. */
export interface TriggerParts {
  readonly jobs: string;
  readonly triggers: string;
  readonly triggerFunction: string;
  readonly jobIdFunction: string;
  /** Raw. */
  readonly channel: string;
}

/**
 * Makes job ids in Chancy's layout (wire contract, section 2): 4 zero bits, 56 bits of 100 ns ticks, 7, and the last 64 bits of a random
 * UUID, which begin with binary 10. Ids of one transaction rise, as the clock has only microseconds: the last tick is kept in a setting
 * of the transaction. A setting far ahead of the clock is somebody's mistake.
 */
export const createJobIdFunction = ({ jobIdFunction }: TriggerParts): string => `
  CREATE OR REPLACE FUNCTION ${jobIdFunction}() RETURNS uuid LANGUAGE plpgsql VOLATILE
  SET search_path = pg_catalog, pg_temp AS ${pg.escapeLiteral(`
    DECLARE
      tick bigint := extract(epoch FROM clock_timestamp()) * 10000000;
      last text := current_setting('spoolgate.last_tick', true);
    BEGIN
      IF last ~ '^[0-9]{1,18}$' AND last::bigint BETWEEN tick AND tick + 1000000000 THEN
        tick := last::bigint + 1;
      END IF;
      PERFORM set_config('spoolgate.last_tick', tick::text, true);
      RETURN (lpad(to_hex(tick), 15, '0') || '7' || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid;
    END`)}`;

/**
 * Pushes the job of the trigger that TG_ARGV[0] names, as `pushJobs` would. It has its maker's rights, as whoever writes to the user's table
 * need not be allowed to write jobs; so nothing in it is looked up by the caller's search_path. Without Chancy's tables, or without the
 * trigger's row, nothing happens: the user's write goes on.
 */
export const createTriggerFunction = (parts: TriggerParts): string => `
  CREATE OR REPLACE FUNCTION ${parts.triggerFunction}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS ${pg.escapeLiteral(`
    DECLARE
      job jsonb;
      notifies boolean;
    BEGIN
      IF to_regclass(${pg.escapeLiteral(parts.jobs)}) IS NULL OR to_regclass(${pg.escapeLiteral(parts.triggers)}) IS NULL THEN
        RETURN NULL;
      END IF;
      SELECT configured.job, configured.notifies INTO job, notifies
      FROM ${parts.triggers} AS configured WHERE configured.id = TG_ARGV[0];
      IF NOT FOUND THEN
        RETURN NULL;
      END IF;
      INSERT INTO ${parts.jobs}
        (id, queue, func, kwargs, limits, meta, priority, max_attempts, scheduled_at, unique_key)
      VALUES (
        ${parts.jobIdFunction}(),
        job ->> 'q',
        job ->> 'f',
        (job -> 'k') || jsonb_build_object(
          'schema', TG_TABLE_SCHEMA, 'table', TG_TABLE_NAME, 'operation', TG_OP, 'old', to_jsonb(OLD), 'new', to_jsonb(NEW)
        ),
        job -> 'l',
        job -> 'm',
        (job ->> 'p')::integer,
        (job ->> 'a')::integer,
        greatest(now(), to_timestamp((job ->> 's')::float8)),
        job ->> 'u'
      )
      ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state NOT IN ('succeeded', 'failed') DO NOTHING;
      IF notifies THEN
        PERFORM pg_notify(
          ${pg.escapeLiteral(parts.channel)}, json_build_object('t', 'queue.pushed', 'q', job ->> 'q')::text
        );
      END IF;
      RETURN NULL;
    END`)}`;
