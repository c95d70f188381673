import type { Fault } from '../fault.js';
import type { Random } from '../random.js';
import { schedule, type ScheduleSettings } from '../schedule.js';

const isOk = (reply: string): boolean => reply.startsWith('ok');

/** An ok goes wrong on its way to the host; `what` says what becomes of it. */
class OkFault implements Fault {
  readonly name: string;
  struck = 0;
  readonly #strikes: () => boolean;
  readonly #what: (reply: string) => string;

  constructor(name: string, what: (reply: string) => string, settings: ScheduleSettings, random: Random) {
    this.name = name;
    this.#what = what;
    this.#strikes = schedule(settings, random);
  }

  onReply(reply: string): string {
    if (!isOk(reply) || !this.#strikes()) return reply;
    this.struck++;
    return this.#what(reply);
  }
}

/** The ok never arrives. */
export const droppedOk = (settings: ScheduleSettings, random: Random): Fault =>
  new OkFault('dropped-ok', () => '', settings, random);

/** The ok arrives twice. */
export const doubledOk = (settings: ScheduleSettings, random: Random): Fault =>
  new OkFault('doubled-ok', (reply) => reply + reply, settings, random);

/** The ok loses its first letter. */
export const partialOk = (settings: ScheduleSettings, random: Random): Fault =>
  new OkFault('partial-ok', (reply) => reply.slice(1), settings, random);

/** The ok stands at the end of a temperature report that was cut short: `... @:1N2ok`. */
export const gluedOk = (settings: ScheduleSettings, random: Random): Fault =>
  new OkFault('glued-ok', (reply) => ` T:25.00 /0.00 B:25.00 /0.00 @:1${reply}`, settings, random);
