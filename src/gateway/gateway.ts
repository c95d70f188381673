import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DevicesConfig } from '../devices/load-devices.js';
import { EventBus } from '../events/event-bus.js';
import { ModuleExecutor } from '../executors/module/module-executor.js';
import { SerialGcodeExecutor } from '../executors/serial-gcode/serial-gcode-executor.js';
import type { RunningPrints } from '../executors/serial-gcode/print-setup.js';
import { Service } from '../lifecycle/service.js';
import type { Fleet } from '../printing/fleet.js';
import { fleetOf } from '../printing/fleet-of.js';
import { printFunction } from '../printing/print-kwargs.js';
import { PrintingPlugin } from '../printing/plugin/printing-plugin.js';
import { Chancy } from '../queue/chancy.js';
import { Leadership } from '../queue/plugins/leadership/leadership.js';
import { Pruner } from '../queue/plugins/pruner/pruner.js';
import { Recovery } from '../queue/plugins/recovery/recovery.js';
import { Queue } from '../queue/queue.js';
import { Worker } from '../queue/worker.js';
import { SimulatedPrinters } from './simulated-printers.js';

export interface GatewayOptions {
  /** postgresql:// URL. */
  readonly databaseUrl: string;
  readonly devices: DevicesConfig;
  /** Tables' prefix; Chancy's own by default. */
  readonly prefix?: string;
  /** Tags of its worker beside the standard ones. */
  readonly tags?: readonly string[];
  /** Folders of modules whose functions jobs of other queues may name; none by default. */
  readonly functionRoots?: readonly string[];
  readonly events?: EventBus;
}

/** A print takes as long as it takes: the drain has no limit but this week, ms. */
const drainLimitMs = 7 * 24 * 3600 * 1000;
/** A connection whose other end vanished without a word is given up after this, ms. */
const queryTimeoutMs = 20_000;
/** A gateway that lost its network for a while still prints, and its job with it: it is not given up before this, ms. */
const recoveryGraceMs = 10 * 60_000;
/** Time for cancelled prints to switch heaters off and park, ms. */
const cancelLimitMs = 60_000;

/** The daemon: the printers of one devices.json, and one worker that prints the jobs of their queue on them. */
export class Gateway extends Service {
  readonly name: string;
  readonly events: EventBus;
  readonly chancy: Chancy;
  readonly worker: Worker;
  /** The printers of devices.json that are not real. */
  readonly simulated: SimulatedPrinters;
  readonly #options: GatewayOptions;
  #fleet: Fleet | undefined;
  readonly #executors = new Set<RunningPrints>();
  readonly #prints: PrintingPlugin;

  constructor(options: GatewayOptions) {
    super();
    const { devices, databaseUrl, prefix, functionRoots = [], tags = [] } = options;
    this.#options = options;
    this.events = options.events ?? new EventBus();
    this.name = devices.gateway.name ?? hostname();
    this.simulated = new SimulatedPrinters(devices);
    this.#prints = new PrintingPlugin({
      name: this.name,
      fleet: () => this.fleet,
      printers: devices.printers.map(({ id }) => id),
      events: this.events,
    });
    this.chancy = new Chancy({
      dsn: databaseUrl,
      applicationName: `spoolgate ${this.name}`,
      queryTimeoutMs,
      ...(prefix === undefined ? {} : { prefix }),
      // A print whose gateway died may have extruded: a person decides, no recovery.
      plugins: [
        this.#prints,
        new Leadership(),
        new Recovery({ graceMs: recoveryGraceMs, interrupted: { funcs: [printFunction] } }),
        new Pruner(),
      ],
      queues: [new Queue({ name: devices.gateway.queue, executor: 'spoolgate.SerialGcodeExecutor' })],
      executors: {
        SerialGcodeExecutor: SerialGcodeExecutor.with({
          fleet: () => this.fleet,
          spoolDir: devices.spool_dir,
          created: (executor) => this.#executors.add(executor),
          beforeExtrusion: (printer, print) => this.#prints.beforeExtrusion(printer, print),
        }),
        ModuleExecutor: ModuleExecutor.with({ roots: functionRoots }),
      },
    });
    this.worker = new Worker(this.chancy, {
      workerId: `${this.name}-${randomUUID().slice(0, 8)}`,
      tags: [`gateway=${this.name}`, ...tags],
      events: this.events,
      shutdownTimeoutMs: drainLimitMs,
      cancelTimeoutMs: cancelLimitMs,
    });
  }

  /** The printers; throws before `start`. */
  get fleet(): Fleet {
    if (!this.#fleet) throw new Error('the gateway has not been started');
    return this.#fleet;
  }

  /** Prints that run now. */
  get printing(): number {
    return this.#fleet?.printers.filter(({ jobId }) => jobId !== undefined).length ?? 0;
  }

  /** Ends the running prints safely instead of waiting for them; `stop` then resolves soon. */
  endPrints(): void {
    for (const executor of this.#executors) executor.endPrints();
  }

  /** Rejects with DATABASE_UNREACHABLE, or a port's error where a simulated printer cannot be made. Printers that are off come later. */
  protected async onStart(): Promise<void> {
    try {
      await this.chancy.migrate();
      await this.simulated.start();
      this.#fleet = fleetOf(this.#options.devices, { events: this.events, paths: this.simulated.paths });
      // Before anything can be claimed: a bed that was occupied is still occupied.
      await this.#prints.restore(this.chancy);
      // Each printer is tried for as long as its timeouts say; those that answer print meanwhile.
      void this.#fleet.start();
      await this.worker.start();
    } catch (error) {
      await this.onStop();
      throw error;
    }
  }

  /** Claims no more, waits for the running prints, then lets go of printers and database. */
  protected async onStop(): Promise<void> {
    await this.worker.stop();
    await this.#fleet?.stop();
    await this.simulated.stop();
    await this.chancy.close();
  }
}
