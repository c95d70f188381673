import { errorText } from '../../errors/spoolgate-error.js';
import type { EventBus } from '../../events/event-bus.js';
import type { Printer } from '../../printer/printer.js';
import type { Chancy } from '../../queue/chancy.js';
import type { HubBody } from '../../queue/hub.js';
import { formatNotification } from '../../queue/notification.js';
import type { PluginWorker } from '../../queue/plugin.js';
import type { Fleet } from '../fleet.js';
import { type Performed, performAction } from './perform-action.js';
import { type PrinterCommand, answerEvent, commandEvent, longestText, printerCommand } from './printer-command.js';
import type { PrinterRows } from './printer-rows.js';
import { sendNotification } from './sql/send-notification.js';

export interface CommandDeskOptions {
  readonly gateway: string;
  readonly fleet: Fleet;
  readonly events: EventBus;
  readonly rows: Pick<PrinterRows, 'write'>;
  readonly chancy: Chancy;
}

/** Hears the commands that are meant for this gateway's printers, does them, and answers. */
export class CommandDesk {
  readonly #options: CommandDeskOptions;

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  /** Listens until the returned function is called. */
  open({ hub, workerId }: PluginWorker): () => void {
    return hub.on(commandEvent, (body) => this.#heard(body, workerId));
  }

  async #heard(body: HubBody, workerId: string): Promise<void> {
    const { gateway, fleet, events } = this.#options;
    const parsed = printerCommand.safeParse(body);
    if (!parsed.success) {
      const reason = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
      events.emit('worker.malformed', { workerId, what: 'notification', id: commandEvent, reason });
      return;
    }
    const command = parsed.data;
    const printer = fleet.printers.find(({ id }) => id === command.printer);
    if (command.gateway === gateway && printer !== undefined) await this.#obey(command, printer);
  }

  async #obey({ id, action, by }: PrinterCommand, printer: Printer): Promise<void> {
    const { events, rows, chancy } = this.#options;
    const { ok, message } = await this.#perform({ action, by }, printer);
    events.emit('printer.command', { printerId: printer.id, action, by, ok, message });
    // Whoever asked finds the answer in the table as well. If the database is away now, neither gets there.
    await rows.write().catch(() => undefined);
    const answer = { id, ok, message: message.slice(0, longestText) };
    const payload = formatNotification(answerEvent, answer);
    await chancy.database.query(sendNotification(chancy.tables), [chancy.tables.channel, payload]);
  }

  async #perform({ action, by }: Pick<PrinterCommand, 'action' | 'by'>, printer: Printer): Promise<Performed> {
    const { chancy } = this.#options;
    try {
      return await performAction(printer, action, { by, cancelJob: (jobId) => chancy.cancelJob(jobId) });
    } catch (error) {
      return { ok: false, message: errorText(error) };
    }
  }
}
