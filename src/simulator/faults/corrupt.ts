import type { Fault } from '../fault.js';
import { type Random, randomBelow } from '../random.js';
import { schedule, type ScheduleSettings } from '../schedule.js';

/** Line noise: one bit of a line flips on its way to the printer, the newline's included. */
export class Corrupt implements Fault {
  readonly name = 'corrupt';
  struck = 0;
  readonly #strikes: () => boolean;
  readonly #random: Random;

  constructor(settings: ScheduleSettings, random: Random) {
    this.#strikes = schedule(settings, random);
    this.#random = random;
  }

  onWire(line: string): string {
    if (!this.#strikes()) return line;
    this.struck++;
    const at = randomBelow(this.#random, line.length);
    const flipped = line.charCodeAt(at) ^ (1 << randomBelow(this.#random, 8));
    return line.slice(0, at) + String.fromCharCode(flipped) + line.slice(at + 1);
  }
}
