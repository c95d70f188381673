/** `postmaster.pid`, the lock file in a cluster (PostgreSQL: src/include/utils/pidfile.h). */
export interface PostmasterPid {
  readonly pid: number;
  /** TCP port, also part of the socket's name. */
  readonly port: number | undefined;
  /** The first socket folder; undefined while the server has not opened it, or has none. */
  readonly socketDir: string | undefined;
  /** Addresses that it listens on by TCP, as configured; empty without TCP. */
  readonly listenAddress: string;
}

/** Undefined when the text is no lock file: empty after a power cut, or not written to its end. */
export const parsePostmasterPid = (text: string): PostmasterPid | undefined => {
  const lines = text.split('\n').map((line) => line.trim());
  // A backend that runs alone (`postgres --single`) writes its pid as a negative number.
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined;
  const port = Number.parseInt(lines[3] ?? '', 10);
  return {
    pid,
    port: Number.isNaN(port) ? undefined : port,
    socketDir: lines[4] || undefined,
    listenAddress: lines[5] ?? '',
  };
};
