import type { Firmware } from './firmware.js';
import type { FirmwareOptions } from './firmware-options.js';
import type { Heater } from './heater.js';
import type { Hardware } from './hardware.js';
import type { HaltCause } from './halt-cause.js';
import { Motion } from './motion.js';
import type { Planner } from './planner.js';

/** What the machine needs of the model around it. */
export interface MachineLinks {
  /** Prints one line, without its end. */
  print(line: string): void;
  /** kill(): nothing answers from now on. */
  halt(cause: HaltCause): void;
  /** M110 has run. */
  setLineNumber(last: number): void;
}

/** The printer behind the commands: axes, heaters, modes. A reset makes a new one. All times are simulated ms. */
export class Machine {
  readonly options: FirmwareOptions;
  readonly firmware: Firmware;
  readonly links: MachineLinks;
  readonly motion = new Motion();
  readonly planner: Planner;
  readonly hotend: Heater;
  readonly bed: Heater;
  now = 0;
  /** Fan power, 0 to 255. */
  fan = 0;
  /** M302: extrusion below this hotend temperature is prevented, °C. */
  coldExtrusionC = 170;
  /** M113, ms; 0 switches busy lines off. */
  busyIntervalMs = 2_000;
  /** M155 and M154, ms; 0 is off. */
  temperatureReportMs = 0;
  positionReportMs = 0;
  /** M108 came in. */
  continued = false;
  /** M876 S<n> came in. */
  promptChoice: number | undefined;

  constructor(options: FirmwareOptions, firmware: Firmware, links: MachineLinks, hardware: Hardware) {
    this.options = options;
    this.firmware = firmware;
    this.links = links;
    this.planner = hardware.planner;
    this.hotend = hardware.hotend;
    this.bed = hardware.bed;
  }

  print(line: string): void {
    this.links.print(line);
  }

  echo(text: string): void {
    this.links.print(`echo:${text}`);
  }

  /** An `//action:` line, where the build has them. */
  notify(action: string): void {
    if (this.options.hostPrompts) this.links.print(`//action:${action}`);
  }

  /** Shows a prompt with buttons to the operator. */
  prompt(title: string, buttons: readonly string[]): void {
    this.notify('prompt_end');
    this.notify(`prompt_begin ${title}`);
    for (const button of buttons) this.notify(`prompt_button ${button}`);
    this.notify('prompt_show');
  }

  /** What the host said before counts no more. */
  forgetHost(): void {
    this.continued = false;
    this.promptChoice = undefined;
  }

  /** M410: all motion ends here and now. */
  quickStop(): void {
    this.planner.stop(this.now);
    const [x, y, z] = this.planner.reached;
    Object.assign(this.motion, { x, y, z });
  }

  /** The axes are where `motion` says, without a move. */
  syncPosition(): void {
    this.planner.place(this.motion.x, this.motion.y, this.motion.z);
  }

  /** The position report of M114, G92 and G28. */
  positionReport(): string {
    const { motion, planner, options, firmware } = this;
    const shown = (value: number): string => (value + 0).toFixed(options.positionDecimals);
    const [x, y, z] = planner.reached;
    const [stepsX, stepsY, stepsZ] = firmware.stepsPerMm;
    const count = `X:${Math.round(x * stepsX)} Y:${Math.round(y * stepsY)} Z:${Math.round(z * stepsZ)}`;
    return `X:${shown(motion.x)} Y:${shown(motion.y)} Z:${shown(motion.z)} E:${shown(motion.e)} Count ${count}`;
  }

  /** `T:25.00 /0.00 B:25.00 /0.00 @:0 B@:0`. */
  temperatureReport(): string {
    const { hotend, bed, now } = this;
    const pair = (heater: Heater): string => `${heater.reading(now).toFixed(2)} /${heater.target.toFixed(2)}`;
    return `T:${pair(hotend)} B:${pair(bed)} @:${hotend.power} B@:${bed.power}`;
  }
}
