import pg from 'pg';

// DDL takes no parameters, so names and text are quoted here.

/** A role that may log in and nothing more. Touches the catalogue only. */
export const createRoleSql = (role: string): string => `CREATE ROLE ${pg.escapeIdentifier(role)} LOGIN`;

/** A database that belongs to the role. Touches the catalogue only. */
export const createDatabaseSql = (database: string, owner: string): string =>
  `CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(owner)}`;

/** The password with which the role comes in by TCP. Touches the catalogue only. */
export const setPasswordSql = (role: string, password: string): string =>
  `ALTER ROLE ${pg.escapeIdentifier(role)} PASSWORD ${pg.escapeLiteral(password)}`;
