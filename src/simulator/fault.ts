import type { HaltCause } from './halt-cause.js';

/** What a fault can do to the printer. */
export interface FaultTarget {
  /** The board starts anew; `banner: false` says nothing after it. */
  reset(options?: { readonly banner?: boolean }): void;
  /** kill(): says why, then nothing answers until a reset. */
  halt(cause: HaltCause): void;
  /** The port vanishes under the host. */
  hangUp(): void;
  /** The firmware hangs: nothing is read, nothing is said until a reset. */
  fallSilent(): void;
  /** The command takes this much longer, simulated ms; `busy` says whether busy lines come meanwhile. */
  hold(ms: number, busy: boolean): void;
  /** The heater takes no current any more. */
  killHeater(heater: 'hotend' | 'bed'): void;
}

/**
 * One way to go wrong: a class in its own file under faults/ and a field of `FaultSettings`. It sees what passes and changes it;
 * `struck` counts how often it did. Text stands for bytes, one character each.
 */
export interface Fault {
  readonly name: string;
  readonly struck: number;
  /** A line of the host before it reaches the receive ring, newline included. Returns what arrives instead. */
  onWire?(line: string): string;
  /** A line of the printer, newline included. Returns what the host gets instead. */
  onReply?(reply: string): string;
  /** Before the command with this ordinal runs (the first command since power-on is 1). */
  onCommand?(ordinal: number, command: string, printer: FaultTarget): void;
}
