import { join, resolve } from 'node:path';

/**
 * What lies where in the data directory. Only `cluster` and `sockets` belong to the server's user: under root everything else stays
 * root's, so that the unprivileged server can never turn a path that root writes into a link.
 */
export interface DataLayout {
  readonly dataDir: string;
  /** Postgres's own data directory (PG_VERSION, postmaster.pid). */
  readonly cluster: string;
  readonly sockets: string;
  /** Settings that the operator may edit; written once. */
  readonly settings: string;
  readonly hostRules: string;
  readonly log: string;
  /** Password of the TCP user, mode 0600; only there once TCP was asked for. */
  readonly password: string;
  readonly startLock: string;
  /** Copies of npm's binaries, where the server's user cannot run them in node_modules. */
  readonly binaries: string;
}

export const dataLayout = (dataDir: string): DataLayout => {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    cluster: join(root, 'postgres'),
    sockets: join(root, 'run'),
    settings: join(root, 'postgresql.conf'),
    hostRules: join(root, 'pg_hba.conf'),
    log: join(root, 'postgres.log'),
    password: join(root, 'postgres-password'),
    startLock: join(root, 'start.lock'),
    binaries: join(root, 'binaries'),
  };
};
