import type { Printer } from '../../printer/printer.js';
import type { Fleet } from '../../printing/fleet.js';

/** What an executor lets its owner do. */
export interface RunningPrints {
  /** Ends the running prints without waiting for their natural end. */
  endPrints(): void;
}

/** Where prints come from and where they go. */
export interface PrintSetup {
  /** Asked for when the worker starts the executor. */
  readonly fleet: () => Fleet;
  /** Folder in which `kwargs.file` is looked up. */
  readonly spoolDir: string;
  /** Must have resolved before a print's first extruding line leaves the host; a rejection ends the print. */
  readonly beforeExtrusion?: (
    printer: Printer,
    print: { readonly jobId: string; readonly attempt: number },
  ) => Promise<void>;
  /** Whether the executor stops the fleet when its worker stops. */
  readonly ownsFleet?: boolean;
  /** Told of each executor that is made with this setup. */
  readonly created?: (executor: RunningPrints) => void;
}
