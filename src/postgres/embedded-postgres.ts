import { hostname } from 'node:os';
import { z } from 'zod';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import { EventBus } from '../events/event-bus.js';
import { backoffMs } from '../lifecycle/backoff.js';
import { Service } from '../lifecycle/service.js';
import { sleep } from '../lifecycle/sleep.js';
import { awaitReady } from './await-ready.js';
import { type BringUpOptions, bringUp } from './bring-up.js';
import { socketUrl } from './connection-string.js';
import { type DataLayout, dataLayout } from './data-layout.js';
import { leaveServer } from './leave-server.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { isRunning } from './process-table.js';
import type { RunningServer } from './running-server.js';
import { boundServerLog } from './server-log.js';
import { ADMIN_USER, APP_USER, type TcpAddress } from './server-settings.js';
import { tcpPassword } from './tcp-password.js';

export interface EmbeddedPostgresOptions {
  /** Spoolgate's data directory; made where it is missing. Its layout: data-layout.ts. */
  readonly dataDir: string;
  /** Best first; searched for by default, see find-binaries.ts. */
  readonly binaries?: readonly PostgresBinaries[];
  /** Also listens on TCP, with a password; else on a Unix socket only. */
  readonly listenTcp?: TcpAddress;
  readonly events?: EventBus;
  /** Starts the server again when it ends by itself; true by default. */
  readonly restart?: boolean;
  /** `stop` ends the server even if others are connected: for a data directory that is removed afterwards. */
  readonly exclusive?: boolean;
  /** Server settings over those of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

const tcpAddress = z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) });

/** The application's database. */
const DATABASE = 'spoolgate';
/** A server that lived so long was healthy: the next restart is at once again. */
const HEALTHY_MS = 60_000;
const LOG_CHECK_MS = 60_000;

/**
 * A Postgres of our own on a data directory: started, or adopted when it runs already; started again when it dies; stopped with `stop`
 * by the last one who is connected. It survives this process being killed, and the next start finds it.
 *
 * `start` rejects with a SpoolgateError: POSTGRES_NOT_FOUND, POSTGRES_VERSION, POSTGRES_DATA_DIRECTORY, POSTGRES_START_FAILED.
 */
export class EmbeddedPostgres extends Service {
  readonly #options: EmbeddedPostgresOptions;
  readonly #layout: DataLayout;
  readonly #events: EventBus;
  readonly #stopping = new AbortController();
  #server: RunningServer | undefined;
  #supervision: Promise<void> = Promise.resolve();
  #logCheck: NodeJS.Timeout | undefined;
  #password: string | undefined;

  constructor(options: EmbeddedPostgresOptions) {
    super();
    const parsed = tcpAddress.optional().safeParse(options.listenTcp);
    if (parsed.error) throw new SpoolgateError('USAGE', { detail: `TCP address: ${z.prettifyError(parsed.error)}` });
    this.#options = options;
    this.#layout = dataLayout(options.dataDir);
    this.#events = options.events ?? new EventBus();
  }

  /** Also cuts a start short that waits for a recovery. */
  override stop(): Promise<void> {
    this.#stopping.abort();
    return super.stop();
  }

  /** For the application: over the Unix socket, as an ordinary user who owns its database. */
  get connectionString(): string {
    return socketUrl({ ...this.#running, user: APP_USER, database: DATABASE });
  }

  /** For repair: over the Unix socket, as the superuser. */
  get adminConnectionString(): string {
    return socketUrl({ ...this.#running, user: ADMIN_USER, database: DATABASE });
  }

  /** For other machines, with the password in it; undefined unless TCP was asked for. */
  get tcpConnectionString(): string | undefined {
    const { listenTcp } = this.#options;
    if (!listenTcp || this.#password === undefined) return undefined;
    const isWildcard = ['*', '0.0.0.0', '::'].includes(listenTcp.host);
    const host = isWildcard ? hostname() : listenTcp.host.includes(':') ? `[${listenTcp.host}]` : listenTcp.host;
    return `postgresql://${APP_USER}:${this.#password}@${host}:${listenTcp.port}/${DATABASE}`;
  }

  /** Of the postmaster; changes when it is started again. */
  get pid(): number {
    return this.#running.pid;
  }

  /** Such as `15.18`. */
  get version(): string {
    return this.#running.version;
  }

  /** It was running before `start`. */
  get isAdopted(): boolean {
    return this.#running.isAdopted;
  }

  get logFile(): string {
    return this.#layout.log;
  }

  protected override async onStart(): Promise<void> {
    try {
      await this.#bringUp();
    } catch (error) {
      if (this.#server) await this.#leave(this.#server);
      this.#server = undefined;
      throw error;
    }
    this.#supervision = this.#supervise();
    this.#logCheck = setInterval(() => {
      // The log of a full disk may fail to be cut; the next check tries again.
      boundServerLog(this.#layout.log).catch(() => undefined);
    }, LOG_CHECK_MS);
    this.#logCheck.unref();
  }

  protected override async onStop(): Promise<void> {
    clearInterval(this.#logCheck);
    await this.#supervision;
    if (this.#server) await this.#leave(this.#server);
  }

  #leave(server: RunningServer): Promise<void> {
    const isExclusive = this.#options.exclusive ?? false;
    return leaveServer(server, { layout: this.#layout, events: this.#events, isExclusive });
  }

  get #running(): RunningServer {
    if (!this.#server) throw new Error('EmbeddedPostgres has not been started');
    return this.#server;
  }

  async #bringUp(): Promise<RunningServer> {
    const { binaries, listenTcp, settings = {}, env = process.env } = this.#options;
    const options: BringUpOptions = {
      layout: this.#layout,
      events: this.#events,
      signal: this.#stopping.signal,
      binaries,
      listenTcp,
      settings,
      env,
    };
    const server = await bringUp(options);
    // From here on stop() knows of it, whatever fails below.
    this.#server = server;
    try {
      await server.keeper.ensureDatabase(APP_USER, DATABASE);
      if (listenTcp) {
        this.#password = await tcpPassword(this.#layout.password);
        await server.keeper.setPassword(APP_USER, this.#password);
      }
    } catch (error) {
      await server.keeper.close();
      throw new SpoolgateError('POSTGRES_START_FAILED', { detail: errorText(error), cause: error });
    }
    return server;
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const { dataDir } = this.#layout;
    let restarts = 0;
    let upSince = performance.now();
    for (;;) {
      const { pid, keeper } = this.#running;
      await Promise.race([keeper.lost, aborted]);
      const lostAt = performance.now();
      const isSame = !signal.aborted && (await this.#reconnect());
      if (signal.aborted) return;
      if (isSame) continue;
      this.#events.emit('postgres.died', { dataDir, pid });
      if (this.#options.restart === false) return;
      restarts = lostAt - upSince > HEALTHY_MS ? 1 : restarts + 1;
      const server = await this.#restart(restarts);
      if (!server) return;
      upSince = performance.now();
      this.#events.emit('postgres.restarted', {
        dataDir,
        pid: server.pid,
        attempt: restarts,
        awayMs: upSince - lostAt,
      });
    }
  }

  /**
   * A lost connection is not yet a dead server: a backend may have crashed, or an administrator ended it. False when the process has
   * ended; resolves too when stopped.
   */
  async #reconnect(): Promise<boolean> {
    const server = this.#running;
    const { signal } = this.#stopping;
    const isAlive = (): Promise<boolean> => isRunning(server.pid, server.startTicks);
    while (!signal.aborted) {
      try {
        const { socketDir, port } = server;
        const keeper = await awaitReady(socketDir, port, { isAlive, signal, silenceMs: HEALTHY_MS });
        if (keeper) this.#server = { ...server, keeper };
        return keeper !== undefined;
      } catch {
        // It lives and is silent: nothing to do but to ask on.
      }
    }
    return true;
  }

  /** Undefined when stopped meanwhile. The first restart is at once; a server that keeps dying is given more and more time. */
  async #restart(restarts: number): Promise<RunningServer | undefined> {
    const { signal } = this.#stopping;
    const { dataDir } = this.#layout;
    const pause = { initialMs: 250, limitMs: 15_000 };
    if (restarts > 1) await sleep(backoffMs(restarts - 2, pause), signal);
    for (let attempt = restarts; !signal.aborted; attempt += 1) {
      try {
        return await this.#bringUp();
      } catch (error) {
        if (signal.aborted) return undefined;
        const nextTryMs = backoffMs(attempt - 1, pause);
        this.#events.emit('postgres.restart_failed', { dataDir, attempt, error: errorText(error), nextTryMs });
        await sleep(nextTryMs, signal);
      }
    }
    return undefined;
  }
}
