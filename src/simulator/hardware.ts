import type { FirmwareOptions } from './firmware-options.js';
import { bedSpec, Heater, hotendSpec } from './heater.js';
import { Planner } from './planner.js';

/** What a reset does not make anew: heat stays in the metal, figures go on counting. */
export interface Hardware {
  readonly planner: Planner;
  readonly hotend: Heater;
  readonly bed: Heater;
}

export const newHardware = ({ plannerBlocks, ambientC }: FirmwareOptions): Hardware => ({
  planner: new Planner(plannerBlocks),
  hotend: new Heater(hotendSpec, ambientC),
  bed: new Heater(bedSpec, ambientC),
});
