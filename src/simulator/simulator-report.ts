import type { Figures } from './figures.js';
import type { HaltCause } from './halt-cause.js';

/** The printer's own account of what happened since it was made. Temperatures in °C, lengths in mm. */
export interface SimulatorReport extends Figures {
  /** Blocks that entered the planner, and how long they took, simulated seconds. */
  readonly moves: number;
  readonly movedSeconds: number;
  /** How often, and how long (simulated seconds), motion stopped because the next move came too late. Not told at unlimited speed. */
  readonly underruns: number | undefined;
  readonly starvedSeconds: number | undefined;
  readonly simulatedSeconds: number;
  readonly position: { readonly x: number; readonly y: number; readonly z: number; readonly e: number };
  readonly hotend: { readonly current: number; readonly target: number };
  readonly bed: { readonly current: number; readonly target: number };
  readonly halted: HaltCause | undefined;
  readonly idle: boolean;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
}
