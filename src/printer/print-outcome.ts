import type { PrintFigures } from '../events/printer-events.js';
import type { SpoolgateError } from '../errors/spoolgate-error.js';

/**
 * The worst that a print has done to the machine so far, from the lines that left the host: it decides whether the job may be tried
 * again by itself. After `extruded` it never is.
 */
export const printExtents = ['nothing', 'sent', 'heated', 'moved', 'extruded'] as const;
export type PrintExtent = (typeof printExtents)[number];

/** How a print ended. */
export type PrintOutcome = {
  readonly figures: PrintFigures;
  readonly extent: PrintExtent;
  /** Last line of the file that the firmware has taken, from 1; 0 before the first. */
  readonly line: number;
  /** Height in mm of the last move that was sent, where the file says it. */
  readonly z: number | undefined;
} & (
  | { readonly type: 'done' }
  | {
      readonly type: 'failed';
      readonly error: SpoolgateError;
      /** Whether the heaters were switched off and the firmware confirmed it. */
      readonly cooled: boolean;
    }
);

/** What is going on with a print right now. */
export interface PrintProgress {
  readonly phase: 'starting' | 'heating' | 'printing' | 'pausing' | 'paused' | 'cancelling' | 'finishing';
  readonly line: number;
  readonly lines: number | undefined;
  readonly acknowledged: number;
  readonly commands: number | undefined;
  readonly layer: number;
  readonly layers: number | undefined;
  readonly z: number | undefined;
  readonly percent: number;
  readonly elapsedMs: number;
  readonly etaMs: number | undefined;
}
