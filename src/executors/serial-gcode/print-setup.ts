import type { Fleet } from '../../printing/fleet.js';

/** Where prints come from and where they go. */
export interface PrintSetup {
  readonly fleet: Fleet;
  /** Folder in which `kwargs.file` is looked up. */
  readonly spoolDir: string;
  /** Whether the executor stops the fleet when its worker stops. */
  readonly ownsFleet?: boolean;
}
