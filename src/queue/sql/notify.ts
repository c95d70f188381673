/**
 * An expression that notifies, or does nothing where the channel is NULL: for a select list. Both arguments are SQL, such as `$1`.
 * Postgres sends it at commit, and the same payload of one transaction only once.
 */
export const notifying = (channel: string, payload: string): string =>
  `CASE WHEN ${channel}::text IS NOT NULL THEN pg_notify(${channel}::text, ${payload}) END`;
