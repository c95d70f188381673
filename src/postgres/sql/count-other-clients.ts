/** Connections besides this one, whoever holds them. A view of shared memory: no table is read, no index used. */
export const countOtherClientsSql = `
  SELECT count(*)::int AS clients
    FROM pg_stat_activity
   WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
