import type { HaltCause } from './halt-cause.js';

/** A figure for each axis. */
export interface AxisLimits {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly e: number;
}

/** What a build of the firmware has switched on. */
export interface FirmwareFeatures {
  /** M108, M112, M410 and M876 act as their bytes arrive. */
  readonly emergencyParser: boolean;
  /** `ok N12 P15 B7` instead of `ok`. */
  readonly advancedOk: boolean;
  /** `//action:` lines, prompts with buttons, M0/M1 and M600. */
  readonly hostPrompts: boolean;
  /** M154 reports the position by itself. */
  readonly autoreportPosition: boolean;
}

export interface FirmwareIdentity {
  /** MACHINE_TYPE of M115. */
  readonly machineType: string;
  /** UUID of M115. */
  readonly uuid: string;
}

/**
 * What differs between firmwares of the Marlin family in the texts and habits of one program. A firmware is a file in firmwares/ and
 * an entry in firmware-registry.ts. All texts are lines without their end, as recorded from the real program.
 */
export interface Firmware {
  /** What is printed after a reset. */
  banner(features: FirmwareFeatures): readonly string[];
  /** The answer to M115 before its ok. */
  identity(features: FirmwareFeatures, identity: FirmwareIdentity): readonly string[];
  /** The answer to M503 S0; without S0 each line is an echo. Feed rates in mm/s. */
  settings(maxFeed: AxisLimits, features: FirmwareFeatures): readonly string[];
  /** What kill() prints; afterwards nothing answers. */
  haltLines(cause: HaltCause, features: FirmwareFeatures): readonly string[];
  /** The line number as the firmware's integer type holds it; digits beyond its range are clamped as strtol does. */
  readLineNumber(value: number): number;
  /** The number after `last`, overflow included. */
  lineNumberAfter(last: number): number;
  /** Whether a line number that was accepted before is passed over without a word. */
  dropsRepeated(number: number, last: number): boolean;
  /** Whether a bare line is M108, M112 or M410 where there is no emergency parser. */
  isBare(line: string, command: 'M108' | 'M112' | 'M410'): boolean;
  /** 0x08 in a line erases a byte. */
  readonly backspaceErases: boolean;
  /** What stands between `//` and `action:` when M118 A1 prints, and what ends its lines. */
  readonly hostCommentPrefix: string;
  readonly m118End: string;
  /** Printed for each move whose extrusion was prevented. */
  readonly coldExtrusionLines: readonly string[];
  /** Whether T0 on a printer with one tool says which tool is active. */
  readonly reportsTool: boolean;
  /** X, Y, Z steps per mm. */
  readonly stepsPerMm: readonly [number, number, number];
}
