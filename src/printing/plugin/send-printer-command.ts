import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { sleep } from '../../lifecycle/sleep.js';
import type { Chancy } from '../../queue/chancy.js';
import { faultText } from '../../queue/field.js';
import { formatNotification, parseNotification } from '../../queue/notification.js';
import { quoteIdentifier } from '../../queue/tables.js';
import { listPrinters } from './list-printers.js';
import {
  answerEvent,
  commandEvent,
  printerActions,
  printerAnswer,
  type PrinterAction,
  type PrinterAnswer,
  type PrinterCommand,
} from './printer-command.js';
import type { StoredPrinter } from './printer-row.js';
import { clearOfflineBed } from './sql/clear-offline-bed.js';
import { sendNotification } from './sql/send-notification.js';

const request = z.strictObject({
  gateway: z.string().min(1).max(255).optional(),
  printer: z.string().min(1).max(255),
  action: z.enum(printerActions),
  by: z.string().trim().min(1).max(200),
});

export interface PrinterRequest {
  /** Needed only where several gateways have a printer of this id. */
  readonly gateway?: string;
  readonly printer: string;
  readonly action: PrinterAction;
  /** Who asks, for the log: `anna on laptop`. At most 200 characters. */
  readonly by: string;
}

export interface PrinterCommandResult {
  readonly gateway: string;
  /** What the gateway says it has done. */
  readonly message: string;
  /** Whether the gateway did it, or, while it is off, the row in the database was changed. */
  readonly how: 'gateway' | 'database';
}

/** How long a gateway may take to answer, ms. */
const answerMs = 5000;

/**
 * Has a printer's gateway do something, wherever it runs, and waits for its answer. `clear` also works while the gateway is off: its
 * row is changed once the gateway was stopped or has been silent for a minute.
 *
 * Rejects with PRINTER_NOT_FOUND, PRINTER_AMBIGUOUS, PRINTER_REFUSED with the gateway's words, GATEWAY_SILENT after 5 s,
 * NOTIFICATIONS_OFF, USAGE for a malformed request, MIGRATIONS_NEEDED, DATABASE_UNREACHABLE.
 */
export const sendPrinterCommand = async (chancy: Chancy, wanted: PrinterRequest): Promise<PrinterCommandResult> => {
  const parsed = request.safeParse(wanted);
  if (!parsed.success) throw new SpoolgateError('USAGE', { detail: faultText(parsed.error) });
  const { printer, action, by } = parsed.data;
  const { gateway, isOnline, ageMs } = await onlyPrinter(chancy, parsed.data);
  if (action === 'clear' && !isOnline && (await clearInDatabase(chancy, gateway, printer))) {
    return { gateway, message: `the bed of ${printer} is noted as clear; its gateway is off`, how: 'database' };
  }
  if (!chancy.notifications) throw new SpoolgateError('NOTIFICATIONS_OFF');
  const answer = await ask(chancy, { id: randomUUID(), gateway, printer, action, by });
  if (answer === undefined) {
    throw new SpoolgateError('GATEWAY_SILENT', {
      detail: `${gateway} has ${answerMs / 1000} s to answer; it last wrote ${Math.round(ageMs / 1000)} s ago`,
    });
  }
  if (!answer.ok) throw new SpoolgateError('PRINTER_REFUSED', { detail: answer.message });
  return { gateway, message: answer.message, how: 'gateway' };
};

const onlyPrinter = async (
  chancy: Chancy,
  { printer, gateway }: { readonly printer: string; readonly gateway?: string | undefined },
): Promise<StoredPrinter> => {
  const found = await listPrinters(chancy, { printer, ...(gateway !== undefined && { gateway }) });
  const [only, another] = found;
  if (only === undefined) {
    throw new SpoolgateError('PRINTER_NOT_FOUND', {
      detail: gateway === undefined ? printer : `${printer} at ${gateway}`,
    });
  }
  if (another !== undefined) {
    throw new SpoolgateError('PRINTER_AMBIGUOUS', {
      detail: `${printer} is at ${found.map((each) => each.gateway).join(', ')}`,
    });
  }
  return only;
};

const clearInDatabase = async (chancy: Chancy, gateway: string, printer: string): Promise<boolean> => {
  const rows = await chancy.database.query(clearOfflineBed(chancy.tables), [gateway, printer]);
  return rows.length > 0;
};

/** Undefined where nobody answers in time. */
const ask = async (chancy: Chancy, command: PrinterCommand): Promise<PrinterAnswer | undefined> => {
  const { channel } = chancy.tables;
  const client = await chancy.database.connectListener();
  const over = new AbortController();
  try {
    const answered = new Promise<PrinterAnswer>((resolve) => {
      client.on('notification', ({ payload }) => {
        const answer = answerTo(command.id, payload);
        if (answer !== undefined) resolve(answer);
      });
    });
    await client.query(`LISTEN ${quoteIdentifier(channel)}`);
    await chancy.database.query(sendNotification(chancy.tables), [channel, formatNotification(commandEvent, command)]);
    return await Promise.race([answered, sleep(answerMs, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
    await client.end().catch(() => undefined);
  }
};

const answerTo = (id: string, payload: string | undefined): PrinterAnswer | undefined => {
  const parsed = parseNotification(payload);
  if (!parsed.ok || parsed.notification.event !== answerEvent) return undefined;
  const answer = printerAnswer.safeParse(parsed.notification.body);
  return answer.success && answer.data.id === id ? answer.data : undefined;
};
