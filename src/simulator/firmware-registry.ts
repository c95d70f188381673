import type { Firmware } from './firmware.js';
import { marlin11 } from './firmwares/marlin-1.1.js';
import { marlin21 } from './firmwares/marlin-2.1.js';

/** Every firmware that the simulator speaks, by the name that options and the command line use. */
export const firmwares = { 'marlin-1.1': marlin11, 'marlin-2.1': marlin21 } as const satisfies Record<string, Firmware>;

export type FirmwareName = keyof typeof firmwares;
