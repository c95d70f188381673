/** Commands of the host's own around a print, from the printer's profile. */
export interface PrintScripts {
  /** After a cancelled or refused print: heaters off, head up. */
  readonly cancel: readonly string[];
  readonly pause: readonly string[];
  readonly resume: readonly string[];
}

/** Switches everything off that can burn; safe at any time, homed or not. */
export const heatersOff: readonly string[] = ['M104 S0', 'M140 S0', 'M107'];
