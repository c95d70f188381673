import type { DevicesConfig } from '../devices/load-devices.js';
import { Service } from '../lifecycle/service.js';
import { PtyFront } from '../simulator/fronts/pty-front.js';
import { SimulatedPrinter } from '../simulator/simulated-printer.js';

/** The simulated printers of a devices.json, each behind a pseudo-terminal of its own. */
export class SimulatedPrinters extends Service {
  readonly #printers: ReadonlyMap<string, SimulatedPrinter>;

  constructor(devices: DevicesConfig) {
    super();
    const simulated = devices.printers.filter(({ enabled, simulated: settings }) => enabled && settings);
    this.#printers = new Map(
      simulated.map((device) => [
        device.id,
        new SimulatedPrinter({ front: new PtyFront(), machineType: device.name, speed: device.simulated?.speed ?? 1 }),
      ]),
    );
  }

  /** The port of each printer by the printer's id; known after `start`. */
  get paths(): ReadonlyMap<string, string> {
    return new Map([...this.#printers].map(([id, printer]) => [id, printer.path]));
  }

  get(id: string): SimulatedPrinter | undefined {
    return this.#printers.get(id);
  }

  /** Rejects with PTY_UNAVAILABLE. */
  protected async onStart(): Promise<void> {
    await Promise.all([...this.#printers.values()].map((printer) => printer.start()));
  }

  protected async onStop(): Promise<void> {
    await Promise.all([...this.#printers.values()].map((printer) => printer.stop()));
  }
}
