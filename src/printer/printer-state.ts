/**
 * `offline`: no connection; it is tried again by itself. `ready`: a print can begin now. `set_aside`: connected or not, nothing prints
 * until a person has looked at it.
 */
export type PrinterState = 'offline' | 'connecting' | 'ready' | 'printing' | 'set_aside' | 'stopped';

/** Why a printer is set aside, and since when. */
export interface SetAside {
  readonly code: string;
  readonly reason: string;
  readonly since: Date;
}
