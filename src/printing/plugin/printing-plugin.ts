import type { EventBus } from '../../events/event-bus.js';
import { backoffMs } from '../../lifecycle/backoff.js';
import type { Printer } from '../../printer/printer.js';
import type { Chancy } from '../../queue/chancy.js';
import { isConnectionError } from '../../queue/database/database.js';
import { Plugin, type PluginWorker } from '../../queue/plugin.js';
import type { Tables } from '../../queue/tables.js';
import { Bell } from '../../queue/worker/bell.js';
import type { Fleet } from '../fleet.js';
import { BedBook } from './bed-book.js';
import { CommandDesk } from './command-desk.js';
import { type BeginningPrint, ExtrusionGate } from './extrusion-gate.js';
import { printingMigrations } from './migrations.js';
import { PrinterRows } from './printer-rows.js';
import { printersTable } from './printers-table.js';

/** The gateway whose printers are to be seen in the database. */
export interface PrintingGateway {
  readonly name: string;
  /** Asked for once it is there. */
  readonly fleet: () => Fleet;
  /** Ids of all printers of devices.json, the disabled ones included. */
  readonly printers: readonly string[];
  readonly events: EventBus;
}

interface Parts {
  readonly fleet: Fleet;
  readonly rows: PrinterRows;
  readonly gate: ExtrusionGate;
  readonly desk: CommandDesk;
}

/** How long nothing is written, ms: while something prints, and otherwise. */
const progressMs = 2000;
const heartbeatMs = 10_000;
const backoff = { initialMs: 500, limitMs: 5000 };

/**
 * Prints as the database knows them: a table of all gateways' printers, kept up to date by each gateway, and commands to printers from
 * any machine (`listPrinters`, `sendPrinterCommand`). An app that only lists and commands uses it without a gateway, for its migrations.
 *
 * What lies on a bed, and what a printer was set aside for, survives the gateway. For that, call `restore` before the worker starts, and
 * give `beforeExtrusion` to every print.
 */
export class PrintingPlugin extends Plugin {
  readonly identifier = 'spoolgate.printing';
  override readonly migrations = printingMigrations;
  readonly #gateway: PrintingGateway | undefined;
  #parts: Parts | undefined;

  constructor(gateway?: PrintingGateway) {
    super();
    this.#gateway = gateway;
  }

  override tables(tables: Tables): readonly string[] {
    return [printersTable(tables)];
  }

  /** Puts beds and printers into the state in which the last process left them. Rejects with DATABASE_UNREACHABLE. Once is enough. */
  async restore(chancy: Chancy): Promise<void> {
    if (this.#gateway === undefined || this.#parts !== undefined) return;
    const { name, events, printers } = this.#gateway;
    const fleet = this.#gateway.fleet();
    const enabled = new Set(fleet.printers.map(({ id }) => id));
    const disabled = printers.filter((id) => !enabled.has(id));
    const beds = new BedBook();
    const rows = new PrinterRows({ chancy, gateway: name, fleet, disabled, beds });
    await rows.restore();
    await rows.write();
    this.#parts = {
      fleet,
      rows,
      gate: new ExtrusionGate({ rows, beds, events }),
      desk: new CommandDesk({ gateway: name, fleet, events, rows, chancy }),
    };
  }

  /** For `PrintJob.beforeExtrusion`: see `ExtrusionGate.open`. */
  beforeExtrusion(printer: Printer, print: BeginningPrint): Promise<void> {
    if (this.#parts === undefined) return Promise.reject(new Error('beforeExtrusion() before restore()'));
    return this.#parts.gate.open(printer, print);
  }

  override async run(worker: PluginWorker, chancy: Chancy, signal: AbortSignal): Promise<void> {
    await this.restore(chancy);
    if (this.#parts === undefined) return;
    const { fleet, rows, desk } = this.#parts;
    const bell = new Bell();
    const ends = [
      fleet.onChange(() => bell.ring()),
      worker.hub.on('worker.database_back', () => bell.ring()),
      desk.open(worker),
    ];
    try {
      await keepWriting(rows, fleet, bell, signal);
    } finally {
      for (const end of ends) end();
    }
    await rows.write('stopped');
  }

  override async cleanup(): Promise<number> {
    return (await this.#parts?.rows.forget()) ?? 0;
  }
}

/** What cannot be written because the database is away is dropped: the next write says what is true then. */
const keepWriting = async (rows: PrinterRows, fleet: Fleet, bell: Bell, signal: AbortSignal): Promise<void> => {
  for (let failures = 0; !signal.aborted;) {
    try {
      await rows.write();
      failures = 0;
      await bell.wait(fleet.printers.some(({ jobId }) => jobId !== undefined) ? progressMs : heartbeatMs, signal);
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      await bell.wait(backoffMs(failures, backoff), signal);
      failures += 1;
    }
  }
};
