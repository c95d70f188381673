import type { Fault, FaultTarget } from '../fault.js';

/** Something happens once, just before the nth command since power-on runs. */
class AtCommand implements Fault {
  readonly name: string;
  struck = 0;
  readonly #ordinal: number;
  readonly #strike: (printer: FaultTarget) => void;

  constructor(name: string, ordinal: number, strike: (printer: FaultTarget) => void) {
    this.name = name;
    this.#ordinal = ordinal;
    this.#strike = strike;
  }

  onCommand(ordinal: number, _command: string, printer: FaultTarget): void {
    if (this.struck > 0 || ordinal < this.#ordinal) return;
    this.struck++;
    this.#strike(printer);
  }
}

/** The board resets, as in a brown-out, and says so. */
export const resetAt = (ordinal: number): Fault => new AtCommand('reset', ordinal, (printer) => printer.reset());

/** The board resets without a word. */
export const silentResetAt = (ordinal: number): Fault =>
  new AtCommand('silent-reset', ordinal, (printer) => printer.reset({ banner: false }));

/** The port vanishes under the host. */
export const hangUpAt = (ordinal: number): Fault => new AtCommand('hang-up', ordinal, (printer) => printer.hangUp());

/** The firmware hangs. */
export const silenceAt = (ordinal: number): Fault =>
  new AtCommand('silence', ordinal, (printer) => printer.fallSilent());

/** The hotend runs away: the firmware halts at once. */
export const thermalRunawayAt = (ordinal: number): Fault =>
  new AtCommand('thermal-runaway', ordinal, (printer) => printer.halt({ kind: 'thermal-runaway', heater: 'hotend' }));

/** The hotend's heater dies; the firmware finds out by its own protection. */
export const heaterDeathAt = (ordinal: number): Fault =>
  new AtCommand('heater-death', ordinal, (printer) => printer.killHeater('hotend'));
