/** One command of a file, ready for the wire but for its number and checksum. */
export interface GcodeLine {
  /** The command without comment, line end, or blanks at either end; never empty. */
  readonly text: string;
  /** Its line number in the file, from 1. */
  readonly fileLine: number;
  /** Layers begun so far, by the slicer's own marks; 0 before the first layer. */
  readonly layer: number;
}

/** What can be known of a file before it is read through. */
export interface GcodeFileInfo {
  readonly path: string;
  readonly bytes: number;
  /** Lines of the file and commands among them. */
  readonly lines: number;
  readonly commands: number;
  /** `PrusaSlicer 2.5.0`, as the file says it; undefined when no slicer signed it. */
  readonly slicer: string | undefined;
  readonly layers: number | undefined;
  /** The slicer's own estimate, s. */
  readonly estimatedSeconds: number | undefined;
}
