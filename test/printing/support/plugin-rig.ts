import { onTestFinished } from 'vitest';
import { parseDevices } from '../../../src/devices/load-devices.js';
import { EventBus } from '../../../src/events/event-bus.js';
import type { SpoolgateEvents } from '../../../src/events/catalogue.js';
import type { GcodeLine } from '../../../src/gcode/gcode-line.js';
import { monotonicClock } from '../../../src/printer/clock.js';
import type { PrintJob } from '../../../src/printer/print-job.js';
import { Printer } from '../../../src/printer/printer.js';
import { Fleet } from '../../../src/printing/fleet.js';
import { listPrinters } from '../../../src/printing/plugin/list-printers.js';
import type { StoredPrinter } from '../../../src/printing/plugin/printer-row.js';
import { PrintingPlugin } from '../../../src/printing/plugin/printing-plugin.js';
import { printerProfileOf } from '../../../src/printing/printer-profile-of.js';
import { Chancy } from '../../../src/queue/chancy.js';
import { Worker } from '../../../src/queue/worker.js';
import { createTestDatabase } from '../../support/database.js';
import { ScriptedPrinter } from './scripted-printer.js';

export interface RigOptions {
  readonly url?: string;
  readonly name?: string;
  readonly printers?: readonly string[];
  /** Printers of devices.json that are switched off there. */
  readonly disabled?: readonly string[];
  readonly clearBed?: 'by_hand' | 'by_itself';
}

/** One gateway without an executor: scripted printers, the printing plugin and a worker, on a real database. */
export class PluginRig {
  readonly events = new EventBus();
  readonly heard: { readonly name: string; readonly fields: object }[] = [];
  readonly scripts: ReadonlyMap<string, ScriptedPrinter>;
  readonly fleet: Fleet;
  readonly plugin: PrintingPlugin;
  readonly chancy: Chancy;
  readonly worker: Worker;
  readonly url: string;

  constructor(url: string, { name = 'pi', printers = ['left'], disabled = [], clearBed = 'by_hand' }: RigOptions) {
    this.url = url;
    this.scripts = new Map(printers.map((id) => [id, new ScriptedPrinter()]));
    this.events.onAny((event, fields) => this.heard.push({ name: event, fields }));
    const devices = parseDevices(
      JSON.stringify({
        printers: printers.map((id) => ({ id, name: `The ${id} one`, path: `/dev/${id}`, clear_bed: clearBed })),
      }),
      'devices.json',
    );
    this.fleet = new Fleet((onChange) =>
      devices.printers.map(
        (device) =>
          new Printer({
            profile: printerProfileOf(device),
            transport: this.script(device.id).transport,
            events: this.events,
            clock: monotonicClock,
            onChange,
          }),
      ),
    );
    this.plugin = new PrintingPlugin({
      name,
      fleet: () => this.fleet,
      printers: [...printers, ...disabled],
      events: this.events,
    });
    this.chancy = new Chancy({ dsn: url, poolSize: 4, plugins: [this.plugin] });
    this.worker = new Worker(this.chancy, { events: this.events, shutdownTimeoutMs: 1000 });
  }

  script(id = 'left'): ScriptedPrinter {
    return this.scripts.get(id)!;
  }

  printer(id = 'left'): Printer {
    return this.fleet.get(id);
  }

  /** As a gateway starts; resolves once the printers are connected, or have been tried. */
  async start(): Promise<this> {
    await this.chancy.migrate();
    await this.plugin.restore(this.chancy);
    await this.fleet.start();
    await this.worker.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.worker.stop();
    await this.fleet.stop();
    await this.chancy.close();
  }

  /** As if the process had been killed: nothing is written any more, nobody says goodbye. */
  async crash(): Promise<void> {
    await this.chancy.close();
    void this.worker.forceStop();
    await this.fleet.stop();
  }

  /** Starts a print of these commands and gives its end. */
  print(
    jobId: string,
    commands: readonly string[],
    printerId = 'left',
    beforeExtrusion?: () => Promise<void>,
  ): ReturnType<Printer['print']> {
    const printer = this.printer(printerId);
    const print = { jobId, attempt: 1 };
    return printer.print({
      ...print,
      ...printOf(commands),
      beforeExtrusion: beforeExtrusion ?? (() => this.plugin.beforeExtrusion(printer, print)),
    });
  }

  async row(printer = 'left'): Promise<StoredPrinter | undefined> {
    const [row] = await listPrinters(this.chancy, { printer });
    return row;
  }

  /** Asks until the row is as wanted. */
  async rowWhere(isWanted: (row: StoredPrinter) => boolean, printer = 'left'): Promise<StoredPrinter> {
    for (;;) {
      const row = await this.row(printer);
      if (row !== undefined && isWanted(row)) return row;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  of<Name extends keyof SpoolgateEvents>(name: Name): SpoolgateEvents[Name][] {
    return this.heard.filter((each) => each.name === name).map(({ fields }) => fields as SpoolgateEvents[Name]);
  }

  /** Resolves with the next event of this name. */
  next<Name extends keyof SpoolgateEvents>(name: Name): Promise<SpoolgateEvents[Name]> {
    return new Promise((resolve) => {
      const off = this.events.on(name, (fields) => {
        off();
        resolve(fields);
      });
    });
  }
}

const printOf = (commands: readonly string[]): Pick<PrintJob, 'info' | 'source'> => {
  const lines: GcodeLine[] = commands.map((text, index) => ({ text, fileLine: index + 1, layer: 0 }));
  return {
    info: {
      path: '/spool/part.gcode',
      bytes: commands.join('\n').length,
      lines: lines.length,
      commands: lines.length,
      slicer: undefined,
      layers: undefined,
      estimatedSeconds: undefined,
    },
    // oxlint-disable-next-line typescript/require-await -- a source is read asynchronously
    source: (async function* () {
      yield lines;
    })(),
  };
};

/** Not started; stopped with the test. */
export const pluginRig = async (options: RigOptions = {}): Promise<PluginRig> => {
  let { url } = options;
  if (url === undefined) {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    ({ url } = database);
  }
  const rig = new PluginRig(url, options);
  onTestFinished(() => rig.stop());
  return rig;
};
