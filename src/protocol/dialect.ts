import type { Reply } from './reply.js';

/** How one family of firmware speaks. Adding a firmware is adding a file in dialects/. */
export interface Dialect {
  readonly name: string;
  /** Longest line that the firmware can take, in bytes, number and checksum included, line end not. */
  readonly maxLineBytes: number;
  /** Understands one received line. Never throws, whatever the bytes. */
  classify(line: string): Reply;
  /** Whether this command may hold its `ok` for minutes without a sign of life. */
  holdsAcknowledgement(command: string): boolean;
}
