import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type DevicesConfig, loadDevices } from '../devices/load-devices.js';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import { EventBus } from '../events/event-bus.js';
import { Gateway } from '../gateway/gateway.js';
import { readError } from '../gcode/file-error.js';
import { backoffMs } from '../lifecycle/backoff.js';
import { sleep } from '../lifecycle/sleep.js';
import { logEvents } from '../observability/log-events.js';
import type { Logger } from '../observability/logger.js';
import type { Cli } from './cli.js';
import { commandLogger } from './command-logger.js';
import type { ExitCode } from './exit-codes.js';
import { GatewayShutdown } from './gateway-shutdown.js';
import { type OpenDatabase, openDatabase } from './open-database.js';

export interface RunGatewayOptions {
  readonly tags: readonly string[];
  readonly functionRoots: readonly string[];
}

/** Between two looks for a database that is not there yet, ms. */
const waits = { initialMs: 1000, limitMs: 30_000 };

/** The daemon, from devices.json to its last word. Resolves when it has stopped. */
export const runGateway = async (cli: Cli, options: RunGatewayOptions): Promise<ExitCode> => {
  const devices = await loadDevices(cli.settings.devices);
  await mkdir(devices.spool_dir, { recursive: true }).catch((cause: unknown) => {
    throw readError(devices.spool_dir, cause);
  });
  const name = devices.gateway.name ?? hostname();
  const logger = commandLogger(cli, process.stdout).child({ gateway: name });
  const events = new EventBus();
  const stopLogging = logEvents(events, logger);
  const shutdown = new GatewayShutdown(cli.interrupts, logger);
  const printers = devices.printers.filter(({ enabled }) => enabled).map(({ id }) => id);
  logger.info(
    { printers, spoolDir: devices.spool_dir },
    `starting with ${printers.join(', ') || 'no printer that is enabled'}`,
  );
  let database: OpenDatabase | undefined;
  try {
    database = await openDatabase(cli, { events });
    const gateway = await startWhenThere(
      cli,
      logger,
      () => new Gateway({ ...options, ...where(cli, devices, database), events }),
    );
    if (gateway) await shutdown.serve(gateway);
  } catch (error) {
    if (!cli.signal.aborted) throw error;
  } finally {
    await database?.close();
    stopLogging();
  }
  logger.info('stopped');
  return shutdown.exitCode;
};

const where = (cli: Cli, devices: DevicesConfig, database: OpenDatabase | undefined) => {
  const { prefix } = cli.settings;
  return { devices, databaseUrl: database?.url ?? '', ...(prefix === undefined ? {} : { prefix }) };
};

/**
 * A gateway that runs; undefined when it was interrupted before. After a power cut a Raspberry Pi is often up before the machine of the
 * database is: that one is waited for, however long it takes.
 */
const startWhenThere = async (cli: Cli, logger: Logger, make: () => Gateway): Promise<Gateway | undefined> => {
  for (let attempt = 0; !cli.signal.aborted; attempt += 1) {
    const gateway = make();
    try {
      await gateway.start();
      return gateway;
    } catch (error) {
      if (!(error instanceof SpoolgateError) || error.code !== 'DATABASE_UNREACHABLE') throw error;
      const nextTryMs = Math.round(backoffMs(attempt, waits));
      logger.warn(
        { error: errorText(error), nextTryMs },
        `the database is not there; next try in ${Math.ceil(nextTryMs / 1000)} s`,
      );
      await sleep(nextTryMs, cli.signal);
    }
  }
  return undefined;
};
