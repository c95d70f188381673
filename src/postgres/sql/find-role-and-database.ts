/** Whether role $1 and database $2 exist. By the unique indexes pg_authid_rolname_index and pg_database_datname_index. */
export const findRoleAndDatabaseSql = `
  SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS "hasRole",
         EXISTS (SELECT FROM pg_database WHERE datname = $2) AS "hasDatabase"`;
