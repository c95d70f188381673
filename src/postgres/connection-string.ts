export interface SocketTarget {
  readonly user: string;
  readonly database: string;
  readonly socketDir: string;
  readonly port: number;
}

/**
 * A URL that node-postgres and libpq both understand. Port and SSL are said outright, as else PGPORT and PGSSLMODE of the environment,
 * which are meant for another server, would count.
 */
export const socketUrl = ({ user, database, socketDir, port }: SocketTarget): string =>
  `postgresql://${encodeURIComponent(user)}@/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDir)}&port=${port}&sslmode=disable`;
