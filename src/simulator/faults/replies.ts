import type { Fault } from '../fault.js';
import { type Random, randomBelow } from '../random.js';
import { schedule, type ScheduleSettings } from '../schedule.js';

/** Bytes that are no text, and no UTF-8 either. */
const GARBAGE = ['\xff\xfe\x80', '\x00\x00', '\xc3\x28\n', '\xf8\xa1\xa1\xa1\xa1\n', '\x1b[2J', '~{}\x7f\n'];

/** Noise stands before a reply. */
export class Garbage implements Fault {
  readonly name = 'garbage';
  struck = 0;
  readonly #strikes: () => boolean;
  readonly #random: Random;

  constructor(settings: ScheduleSettings, random: Random) {
    this.#strikes = schedule(settings, random);
    this.#random = random;
  }

  onReply(reply: string): string {
    if (!this.#strikes()) return reply;
    this.struck++;
    return `${GARBAGE[randomBelow(this.#random, GARBAGE.length)]}${reply}`;
  }
}

/** A reply that is no ok loses its newline: the next one stands behind it on the same line. */
export class GluedReply implements Fault {
  readonly name = 'glued-reply';
  struck = 0;
  readonly #strikes: () => boolean;

  constructor(settings: ScheduleSettings, random: Random) {
    this.#strikes = schedule(settings, random);
  }

  onReply(reply: string): string {
    if (reply.startsWith('ok') || !this.#strikes()) return reply;
    this.struck++;
    return reply.slice(0, -1);
  }
}

/** The words of a resend request are lost; its ok arrives. */
export class SwallowedResend implements Fault {
  readonly name = 'swallowed-resend';
  struck = 0;
  readonly #strikes: () => boolean;

  constructor(settings: ScheduleSettings, random: Random) {
    this.#strikes = schedule(settings, random);
  }

  onReply(reply: string): string {
    if (!reply.startsWith('Resend:') || !this.#strikes()) return reply;
    this.struck++;
    return '';
  }
}
