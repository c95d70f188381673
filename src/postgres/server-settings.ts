import { stat, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { DataLayout } from './data-layout.js';

export interface TcpAddress {
  /** An address of this machine, or `*` for all. */
  readonly host: string;
  readonly port: number;
}

/** Port of the socket's name where TCP was not asked for. */
export const DEFAULT_PORT = 5432;

/** The superuser, over the socket only; and the owner of the application's database. */
export const ADMIN_USER = 'postgres';
export const APP_USER = 'spoolgate';

/** Fit for a Raspberry Pi with an SD card; durability stays at Postgres's defaults (fsync and synchronous_commit on). */
const settingsText = (
  layout: DataLayout,
): string => `# Settings of Spoolgate's Postgres. Written once; edit what you like, then restart.
# Sockets, addresses and the port are set by Spoolgate on the command line.
include '${relative(layout.dataDir, layout.cluster)}/postgresql.conf'
max_connections = 60
shared_buffers = 64MB
maintenance_work_mem = 32MB
max_wal_size = 256MB
jit = off
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_min_messages = warning
log_checkpoints = off
log_line_prefix = '%m [%p] %q%a '
`;

/** The socket's folder lets nobody in but the server's user (and root), so trust is enough there. */
const hostRulesText = `# Who may connect to Spoolgate's Postgres. Written once; edit what you like, then restart.
local all all trust
host ${APP_USER} ${APP_USER} all scram-sha-256
`;

/** Writes the two files that an operator may edit, where they are missing; readable for the server's user, writable for us. */
export const writeSettings = async (layout: DataLayout): Promise<void> => {
  await writeIfMissing(layout.settings, settingsText(layout));
  await writeIfMissing(layout.hostRules, hostRulesText);
};

const writeIfMissing = async (file: string, text: string): Promise<void> => {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  // An empty file is what a power cut may leave of one that was just written.
  if (size === 0) await writeFile(file, text, { mode: 0o644, flush: true });
};

export interface ServerArguments {
  readonly layout: DataLayout;
  readonly socketDir: string;
  readonly major: number;
  readonly listenTcp: TcpAddress | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** The command line of `postgres`; `settings` go last and so win over the file. */
export const serverArguments = ({ layout, socketDir, major, listenTcp, settings }: ServerArguments): string[] => {
  const all: Record<string, string> = {
    config_file: layout.settings,
    hba_file: layout.hostRules,
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    listen_addresses: listenTcp?.host ?? '',
    port: String(listenTcp?.port ?? DEFAULT_PORT),
    // From 18 on the default is three more processes for reads that a small database hardly has.
    ...(major >= 18 && { io_method: 'sync' }),
    ...settings,
  };
  return ['-D', layout.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
};
