import { z } from 'zod';

/** `clear`: the bed is empty. `return`: a printer that was set aside may print again. `stop`: the emergency stop, M112. */
export const printerActions = ['clear', 'pause', 'resume', 'cancel', 'stop', 'return'] as const;
export type PrinterAction = (typeof printerActions)[number];

/** Names of the notifications. Their bodies are flat JSON objects, which Python's workers pass over (wire contract, section 5). */
export const commandEvent = 'spoolgate.printer.command';
export const answerEvent = 'spoolgate.printer.answer';

/** A notification holds 8000 bytes: texts of people and printers are cut to this many characters. */
export const longestText = 1000;

export const printerCommand = z.object({
  id: z.uuid(),
  gateway: z.string().min(1),
  printer: z.string().min(1),
  action: z.enum(printerActions),
  by: z.string().min(1).max(200),
});

/** One thing that somebody wants a printer to do. */
export type PrinterCommand = z.infer<typeof printerCommand>;

export const printerAnswer = z.object({
  /** The command's. */
  id: z.uuid(),
  ok: z.boolean(),
  message: z.string(),
});

export type PrinterAnswer = z.infer<typeof printerAnswer>;
