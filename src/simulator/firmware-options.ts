import type { FirmwareFeatures, FirmwareIdentity } from './firmware.js';
import type { FirmwareName } from './firmware-registry.js';

/** Settings of the firmware model; every one has a default (`defaultFirmwareOptions`). */
export interface FirmwareOptions extends FirmwareFeatures, FirmwareIdentity {
  readonly firmware: FirmwareName;
  /** Simulated time runs this many times faster than the wire's; Infinity ends every wait at once. */
  readonly speed: number;
  /** Size of the receive ring, of which one byte stays free; 0 is no limit. Bytes beyond it are lost. */
  readonly rxBuffer: number;
  /** Commands that the queue holds, the running one included (BUFSIZE). */
  readonly bufSize: number;
  /** Size of the line buffer, its NUL included (MAX_CMD_SIZE). */
  readonly maxCommandSize: number;
  /** Blocks of the planner's ring, of which one stays free (BLOCK_BUFFER_SIZE). */
  readonly plannerBlocks: number;
  /** What each command takes by itself, simulated ms. */
  readonly commandMs: number;
  /** No motion block is shorter, simulated ms. */
  readonly minSegmentMs: number;
  /** From reset to the first line of the banner, wire ms; the board is deaf meanwhile. */
  readonly bootMs: number;
  /** A host that opens the port resets the board, as DTR does on AVR boards. */
  readonly resetOnOpen: boolean;
  /** Paces the arriving bytes; 0 is as fast as they come. */
  readonly baudRate: number;
  /** Every reply comes this much later, wire ms; replies do not wait for each other (USB and adapter latency). */
  readonly latencyMs: number;
  /** Time of a whole G28, simulated ms; each axis takes its share. */
  readonly homingMs: number;
  /** Time of a G29, simulated ms. */
  readonly probingMs: number;
  /** Air and start temperature, °C. */
  readonly ambientC: number;
  /** Decimals of the position report. */
  readonly positionDecimals: number;
}

/** A plain Marlin 2.1.2 as its default configuration builds it. */
export const defaultFirmwareOptions: FirmwareOptions = {
  firmware: 'marlin-2.1',
  machineType: 'Spoolgate Simulator',
  uuid: 'cede2a2f-41a2-4748-9b12-c55c62f367ff',
  emergencyParser: false,
  advancedOk: false,
  hostPrompts: false,
  autoreportPosition: false,
  speed: 1,
  rxBuffer: 128,
  bufSize: 4,
  maxCommandSize: 96,
  plannerBlocks: 16,
  commandMs: 0,
  minSegmentMs: 1,
  bootMs: 200,
  resetOnOpen: true,
  baudRate: 0,
  latencyMs: 0,
  homingMs: 8_600,
  probingMs: 20_000,
  ambientC: 25,
  positionDecimals: 2,
};
