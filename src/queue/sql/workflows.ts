import type { Statement } from '../database/statement.js';
import type { Tables } from '../tables.js';
import { notifying } from './notify.js';

export interface WorkflowRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly created_at: unknown;
  readonly updated_at: unknown;
}

/**
 * Stores a workflow as pending, whatever it was before, and notifies. $1 id, $2 name, $3 channel or NULL. By primary key. Returns whether
 * it is a new one.
 */
export const upsertWorkflow = (tables: Tables): Statement => ({
  text: `
    WITH stored AS (
      INSERT INTO ${tables.table('workflows')} AS workflow (id, name, state, created_at, updated_at)
      VALUES ($1::uuid, $2, 'pending', now(), now())
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, updated_at = now()
      RETURNING id, name, xmax = 0 AS is_new
    )
    SELECT ${notifying(
      '$3',
      `json_build_object(
        't', CASE WHEN is_new THEN 'workflow.created' ELSE 'workflow.updated' END, 'id', id, 'name', name)::text`,
    )} FROM stored`,
});

/**
 * Locks workflows that are not finished, in one order, so that two of us do not deadlock. $1 ids. Those that another has locked are waited
 * for, or passed over. By primary key.
 */
export const lockWorkflows = (tables: Tables, busy: 'wait' | 'skip'): Statement => ({
  text: `
    SELECT id, name FROM ${tables.table('workflows')}
    WHERE id = ANY($1::uuid[]) AND state IN ('pending', 'running')
    ORDER BY id
    FOR UPDATE${busy === 'skip' ? ' SKIP LOCKED' : ''}`,
});

/**
 * Ends locked workflows and notifies. $1 array of {id, state} as JSON, $2 channel or NULL. By primary key.
 */
export const endWorkflows = (tables: Tables): Statement => ({
  text: `
    WITH ended AS (
      UPDATE ${tables.table('workflows')} AS workflow SET state = input.state, updated_at = now()
      FROM json_to_recordset($1::json) AS input (id uuid, state text)
      WHERE workflow.id = input.id
      RETURNING workflow.id, workflow.name
    )
    SELECT ${notifying('$2', "json_build_object('t', 'workflow.updated', 'id', id, 'name', name)::text")} FROM ended`,
});

/**
 * A page of the workflows that are not finished, the oldest first. $1 age of the last one of the page before as text, or NULL; $2 its id;
 * $3 most rows. By `workflows_state_idx`, sorted: finished ones are not read.
 */
export const selectActiveWorkflows = (tables: Tables): Statement => ({
  name: tables.statementName('select_active_workflows'),
  text: `
    SELECT id, coalesce(created_at, '-infinity')::text AS age FROM ${tables.table('workflows')}
    WHERE state IN ('pending', 'running')
      AND ($1::text IS NULL OR (coalesce(created_at, '-infinity'), id) > ($1::timestamptz, $2::uuid))
    ORDER BY coalesce(created_at, '-infinity'), id
    LIMIT $3`,
});

/** $1 ids. By primary key. */
export const selectWorkflows = (tables: Tables): Statement => ({
  name: tables.statementName('select_workflows'),
  text: `SELECT * FROM ${tables.table('workflows')} WHERE id = ANY($1::uuid[])`,
});

/** The newest first. $1 states or NULL, $2 only with an id below this or NULL, $3 most rows. Ids rise with time: by primary key, backwards. */
export const listWorkflows = (tables: Tables): Statement => ({
  name: tables.statementName('list_workflows'),
  text: `
    SELECT * FROM ${tables.table('workflows')}
    WHERE ($1::text[] IS NULL OR state = ANY($1)) AND ($2::uuid IS NULL OR id < $2)
    ORDER BY id DESC
    LIMIT $3`,
});

/** Deletes workflows that ended $1 s ago or before, at most $2, with their steps. By `workflows_state_idx`. */
export const deleteFinishedWorkflows = (tables: Tables): Statement => ({
  text: `
    DELETE FROM ${tables.table('workflows')} WHERE id IN (
      SELECT id FROM ${tables.table('workflows')}
      WHERE state IN ('completed', 'failed') AND updated_at < now() - make_interval(secs => $1::float8)
      LIMIT $2
      FOR UPDATE SKIP LOCKED
    )
    RETURNING id`,
});
