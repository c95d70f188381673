import type { Keeper } from './keeper.js';

/** A server of ours that answers. */
export interface RunningServer {
  readonly pid: number;
  /** Tells the process from a later one with the same pid; undefined where there is no /proc. */
  readonly startTicks: string | undefined;
  readonly isSignalable: boolean;
  /** It was running before; another process started it, or this one did in an earlier life. */
  readonly isAdopted: boolean;
  readonly socketDir: string;
  readonly port: number;
  /** Addresses that it listens on by TCP; empty without. */
  readonly listenAddress: string;
  /** Such as `15.18`. */
  readonly version: string;
  readonly keeper: Keeper;
}
