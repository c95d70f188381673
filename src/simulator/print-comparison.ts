/** How what ran differs from what should have run. */
export interface PrintComparison {
  /** Every expected command ran once, in order, and nothing else did. */
  readonly exact: boolean;
  /** Expected commands that ran. */
  readonly matched: number;
  /** Expected commands that never ran. */
  readonly lost: number;
  /** Commands that ran once more than expected. */
  readonly doubled: number;
  /** Expected commands that ran later than their turn. */
  readonly misordered: number;
  /** Commands that ran but were never expected: damaged lines and pieces of lines. */
  readonly corrupted: number;
  /** Damaged lines that the firmware did not know: answered as unknown, without any effect. */
  readonly refused: number;
  readonly firstDifference: FirstDifference | undefined;
}

export interface FirstDifference {
  /** Ordinal of the expected command, from 1. */
  readonly command: number;
  /** What should have run; undefined behind the end. */
  readonly expected: string | undefined;
  /** What ran instead; undefined when nothing did. */
  readonly ran: string | undefined;
}
