import type { GcodeFileInfo, GcodeLine } from '../gcode/gcode-line.js';

/** One file to be printed, on behalf of a job. */
export interface PrintJob {
  readonly jobId: string;
  /** 1-based number of this run of the job. */
  readonly attempt: number;
  readonly info: GcodeFileInfo;
  readonly source: AsyncIterable<readonly GcodeLine[]>;
  /** Must have resolved before the first extruding line leaves the host; a rejection ends the print. */
  readonly beforeExtrusion?: () => Promise<void>;
}
