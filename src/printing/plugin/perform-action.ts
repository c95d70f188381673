import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { sleep } from '../../lifecycle/sleep.js';
import type { Printer } from '../../printer/printer.js';
import type { PrinterAction } from './printer-command.js';

/** What came of an action, in words for whoever asked. */
export interface Performed {
  readonly ok: boolean;
  readonly message: string;
}

export interface ActionContext {
  /** Who asks. */
  readonly by: string;
  /** Ends the job in the database, so that nobody starts it again. */
  readonly cancelJob: (jobId: string) => Promise<unknown>;
}

/** The answer does not wait longer for a script of the printer's, ms. */
const scriptMs = 2000;

/** Does it, or says why not. Rejects only where the database fails. */
export const performAction = (printer: Printer, action: PrinterAction, context: ActionContext): Promise<Performed> =>
  actions[action](printer, context);

const done = (message: string): Performed => ({ ok: true, message });
const refused = (message: string): Performed => ({ ok: false, message });

const actions: Readonly<Record<PrinterAction, (printer: Printer, context: ActionContext) => Promise<Performed>>> = {
  clear: async (printer) => {
    if (printer.jobId !== undefined) return refused(`${printer.id} is printing on its bed`);
    const wasOccupied = printer.bedOccupied;
    printer.clearBed();
    const { setAside } = printer;
    const still = setAside === undefined ? '' : `; the printer is still set aside: ${setAside.reason}`;
    return done(`the bed of ${printer.id} ${wasOccupied ? 'is' : 'was'} clear${wasOccupied ? '' : ' already'}${still}`);
  },

  pause: async (printer) => {
    const phase = printer.progress?.phase;
    if (phase === undefined) return refused(`${printer.id} prints nothing`);
    if (phase === 'paused') return done(`${printer.id} was paused already`);
    if (phase !== 'printing' && phase !== 'heating' && phase !== 'pausing') {
      return refused(`the print on ${printer.id} cannot be paused while it is ${phase}`);
    }
    const isPaused = await endsSoon(printer.pause());
    return done(
      isPaused && phase !== 'pausing'
        ? `${printer.id} is paused`
        : `${printer.id} pauses once it has done its last lines`,
    );
  },

  resume: async (printer) => {
    const phase = printer.progress?.phase;
    if (phase === undefined) return refused(`${printer.id} prints nothing`);
    if (phase !== 'paused') return refused(`the print on ${printer.id} is not paused but ${phase}`);
    return done(
      (await endsSoon(printer.resume())) ? `${printer.id} goes on` : `${printer.id} goes on after its script`,
    );
  },

  cancel: async (printer, { by, cancelJob }) => {
    const { jobId } = printer;
    if (jobId === undefined) return refused(`${printer.id} prints nothing`);
    printer.cancel(new SpoolgateError('CANCELLED', { detail: `by ${by}` }));
    await cancelJob(jobId);
    return done(`${printer.id} ends job ${jobId} and switches its heaters off`);
  },

  stop: async (printer) => {
    const wasConnected = printer.isConnected;
    printer.emergencyStop();
    return wasConnected
      ? done(`${printer.id} was sent the emergency stop and is set aside; it needs a reset`)
      : refused(`there is no connection to ${printer.id}: switch it off by hand; it is set aside`);
  },

  return: async (printer) => {
    const wasSetAside = printer.setAside !== undefined;
    printer.returnToService();
    const still = printer.bedOccupied ? '; its bed must still be cleared' : '';
    return done(wasSetAside ? `${printer.id} is back in service${still}` : `${printer.id} was not set aside${still}`);
  },
};

/** Whether something is over within a moment; it goes on in any case. */
const endsSoon = async (script: Promise<void>): Promise<boolean> => {
  const enough = new AbortController();
  try {
    return await Promise.race([script.then(() => true), sleep(scriptMs, enough.signal).then(() => false)]);
  } finally {
    enough.abort();
  }
};
