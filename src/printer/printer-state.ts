/**
 * `offline`: no connection; it is tried again by itself. `ready`: a print can begin now. `bed_occupied`: something was extruded and
 * nobody has cleared the bed yet. `set_aside`: connected or not, nothing prints until a person has looked at it.
 */
export type PrinterState =
  'offline' | 'connecting' | 'ready' | 'printing' | 'paused' | 'bed_occupied' | 'set_aside' | 'stopped';

/** Why a printer is set aside, and since when. */
export interface SetAside {
  readonly code: string;
  readonly reason: string;
  readonly since: Date;
}
