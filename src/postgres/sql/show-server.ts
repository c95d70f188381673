/** Which server this is. Settings in memory: no table is read, no index used. */
export const showServerSql = `
  SELECT current_setting('data_directory') AS "dataDirectory", current_setting('server_version') AS version`;
