import type { Fault, FaultTarget } from '../fault.js';
import type { Random } from '../random.js';
import { schedule, type ScheduleSettings } from '../schedule.js';

export interface SlowCommandSettings extends ScheduleSettings {
  /** How much longer a command takes, simulated ms. */
  readonly ms: number;
  /** Whether busy lines come meanwhile. */
  readonly busy: boolean;
}

/** Some commands take long for no reason that the host could know. */
export class SlowCommand implements Fault {
  readonly name = 'slow-command';
  struck = 0;
  readonly #settings: SlowCommandSettings;
  readonly #strikes: () => boolean;

  constructor(settings: SlowCommandSettings, random: Random) {
    this.#settings = settings;
    this.#strikes = schedule(settings, random);
  }

  onCommand(_ordinal: number, _command: string, printer: FaultTarget): void {
    if (!this.#strikes()) return;
    this.struck++;
    printer.hold(this.#settings.ms, this.#settings.busy);
  }
}
