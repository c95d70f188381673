import type { HeaterName } from './heater.js';

/** Why the firmware called kill(). */
export type HaltCause =
  | { readonly kind: 'm112' }
  | { readonly kind: 'homing-failed' }
  | { readonly kind: 'heating-failed' | 'thermal-runaway' | 'mintemp' | 'maxtemp'; readonly heater: HeaterName };
