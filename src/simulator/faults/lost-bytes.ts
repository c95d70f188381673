import type { Fault } from '../fault.js';
import type { Random } from '../random.js';
import { schedule, type ScheduleSettings } from '../schedule.js';

/** A line loses its line number on its way: what is left is a valid line without any check. */
export class LostPrefix implements Fault {
  readonly name = 'lost-prefix';
  struck = 0;
  readonly #strikes: () => boolean;

  constructor(settings: ScheduleSettings, random: Random) {
    this.#strikes = schedule(settings, random);
  }

  onWire(line: string): string {
    const cut = line.replace(/^N\d+ /, '');
    if (cut === line || !this.#strikes()) return line;
    this.struck++;
    return cut;
  }
}

/** A line loses its newline on its way: two lines become one. */
export class LostNewline implements Fault {
  readonly name = 'lost-newline';
  struck = 0;
  readonly #strikes: () => boolean;

  constructor(settings: ScheduleSettings, random: Random) {
    this.#strikes = schedule(settings, random);
  }

  onWire(line: string): string {
    if (!this.#strikes()) return line;
    this.struck++;
    return line.slice(0, -1);
  }
}
