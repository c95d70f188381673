import type { CommandHandler, CommandHandlers } from '../command-handler.js';
import type { Heater } from '../heater.js';
import type { Machine } from '../machine.js';
import type { CommandResult, Wait } from '../wait.js';

/** TEMP_RESIDENCY_TIME: so long must the temperature hold, ms. */
const RESIDENCY_MS = 10_000;
/** TEMP_WINDOW and TEMP_HYSTERESIS, °C. */
const WINDOW_C = 1;
const HYSTERESIS_C = 3;
const REPORT_MS = 1_000;

/** M109 and M190: a report each second, until the temperature has held for ten. */
class HeatWait implements Wait {
  readonly busy = 'processing';
  readonly #heater: Heater;
  #heldSinceMs: number | undefined;
  dueMs: number;

  constructor(machine: Machine, heater: Heater) {
    machine.forgetHost();
    this.#heater = heater;
    this.dueMs = machine.now;
  }

  next(machine: Machine): CommandResult {
    if (machine.continued) {
      machine.forgetHost();
      return undefined;
    }
    const { now } = machine;
    if (now < this.dueMs) return this;
    const away = Math.abs(this.#heater.reading(now) - this.#heater.target);
    if (this.#heldSinceMs === undefined) {
      if (away < WINDOW_C) this.#heldSinceMs = now;
    } else if (away > HYSTERESIS_C) this.#heldSinceMs = undefined;
    const heldMs = this.#heldSinceMs === undefined ? undefined : now - this.#heldSinceMs;
    if (heldMs !== undefined && heldMs >= RESIDENCY_MS) return undefined;
    const left = heldMs === undefined ? '?' : Math.floor((RESIDENCY_MS - heldMs - 1) / 1000);
    machine.print(` ${machine.temperatureReport()} W:${left}`);
    this.dueMs = now + REPORT_MS;
    return this;
  }
}

const setTarget =
  (heaterOf: (machine: Machine) => Heater): CommandHandler =>
  (machine, command) => {
    const target = command.number('S');
    if (target !== undefined) heaterOf(machine).setTarget(Math.max(0, target), machine.now);
    return undefined;
  };

/** S waits for heat only, R for cold as well. */
const waitForTarget =
  (heaterOf: (machine: Machine) => Heater): CommandHandler =>
  (machine, command) => {
    const heater = heaterOf(machine);
    const cools = command.number('R');
    const target = cools ?? command.number('S');
    if (target !== undefined) heater.setTarget(Math.max(0, target), machine.now);
    if (heater === machine.bed) machine.notify('notification Bed Heating...');
    if (heater.target === 0) return undefined;
    if (cools === undefined && heater.reading(machine.now) > heater.target + WINDOW_C) return undefined;
    return new HeatWait(machine, heater).next(machine);
  };

const hotend = (machine: Machine): Heater => machine.hotend;
const bed = (machine: Machine): Heater => machine.bed;

/** Heaters and fan. */
export const temperatureCommands: CommandHandlers = {
  M104: setTarget(hotend),
  M109: waitForTarget(hotend),
  M140: (machine, command) => {
    const result = setTarget(bed)(machine, command);
    if (machine.bed.target < machine.bed.temperature) machine.notify('notification Bed Cooling...');
    return result;
  },
  M190: waitForTarget(bed),
  M105: (machine) => {
    machine.print(`ok ${machine.temperatureReport()}`);
    return 'answered';
  },
  M106: (machine, command) => void (machine.fan = command.number('S') ?? 255),
  M107: (machine) => void (machine.fan = 0),
  M155: (machine, command) => {
    const seconds = command.number('S');
    if (seconds !== undefined) machine.temperatureReportMs = Math.min(60, Math.max(0, seconds)) * 1000;
    return undefined;
  },
  M302: (machine, command) => {
    const least = command.number('S');
    if (least !== undefined) machine.coldExtrusionC = least;
    if (command.number('P') === 1) machine.coldExtrusionC = 0;
    return undefined;
  },
};
