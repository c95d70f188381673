import { CommandQueue } from './command-queue.js';
import { type EmergencyCommand, EmergencyParser } from './emergency-parser.js';
import type { Firmware } from './firmware.js';
import type { FirmwareOptions } from './firmware-options.js';
import { LineIntake } from './line-intake.js';
import { LineReader } from './line-reader.js';
import { RxRing } from './rx-ring.js';

/** Stands for "no limit" where a ring needs a size. */
const UNLIMITED_RX_BYTES = 1 << 22;

/** The way of a byte into the command queue: ring, line, checks. Nothing is read while the queue is full. */
export class CommandInput {
  readonly queue: CommandQueue;
  readonly intake: LineIntake;
  readonly #firmware: Firmware;
  readonly #ring: RxRing;
  readonly #reader: LineReader;
  readonly #emergency: EmergencyParser | undefined;

  constructor(options: FirmwareOptions, firmware: Firmware) {
    this.#firmware = firmware;
    this.#ring = new RxRing(options.rxBuffer === 0 ? UNLIMITED_RX_BYTES : options.rxBuffer);
    this.#reader = new LineReader(options.maxCommandSize, firmware.backspaceErases);
    this.#emergency = options.emergencyParser ? new EmergencyParser() : undefined;
    this.intake = new LineIntake(firmware);
    this.queue = new CommandQueue(options.bufSize);
  }

  /** Bytes that are held and have not run. */
  get heldBytes(): number {
    return this.#ring.length + this.#reader.length + this.queue.bytes;
  }

  /** Bytes that the ring has lost. */
  get overflowedBytes(): number {
    return this.#ring.overflowed;
  }

  /** What the bytes order to be done before they are even read, where there is an emergency parser. */
  emergencies(bytes: Uint8Array): readonly EmergencyCommand[] {
    return this.#emergency?.scan(bytes) ?? [];
  }

  push(bytes: Uint8Array): void {
    this.#ring.push(bytes);
  }

  /** The next whole line; undefined while there is none or the queue is full. */
  readLine(): string | undefined {
    if (this.queue.full) return undefined;
    for (let byte = this.#ring.shift(); byte !== -1; byte = this.#ring.shift()) {
      const line = this.#reader.take(byte);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  /** What a bare line orders to be done as it is read, where there is no emergency parser. */
  bareEmergency(line: string): EmergencyCommand | undefined {
    if (this.#emergency || !line.startsWith('M')) return undefined;
    if (this.#firmware.isBare(line, 'M112')) return { kind: 'halt' };
    if (this.#firmware.isBare(line, 'M108')) return { kind: 'continue' };
    return this.#firmware.isBare(line, 'M410') ? { kind: 'quick-stop' } : undefined;
  }

  /** Drops what has come in and was not read: a refused line takes the ones behind it along. */
  flush(): void {
    this.#ring.clear();
  }

  /** Forgets everything, as a reset does. */
  clear(): void {
    this.flush();
    this.#reader.clear();
    this.#emergency?.clear();
    this.queue.clear();
    this.intake.last = 0;
  }
}
