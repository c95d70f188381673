const BITS_PER_BYTE = 10;
const NEWLINE = 0x0a;
/** The firmware looks at its ring about as often as so many bytes arrive. */
const PACED_BYTES = 16;

interface Segment {
  readonly bytes: Uint8Array;
  readonly dueMs: number;
}

/** Changes one line of the host on its way, its newline included; one character stands for one byte. */
export type WireTamper = (line: string) => string;

/**
 * The way from the host to the receive ring. With a baud rate bytes arrive in their time, a few together; without one, at once: then a
 * burst longer than the ring overflows it, however fast the firmware reads. What is to be tampered with is handed on line by line.
 * Times are wire ms.
 */
export class WireInput {
  readonly #msPerByte: number;
  readonly #segments: Segment[] = [];
  #freeMs = 0;
  #partial = '';
  /** Set while faults want to see the bytes. */
  tamper: WireTamper | undefined;

  /** @param baudRate bits per second at 10 bits a byte; 0 is no limit. */
  constructor(baudRate: number) {
    this.#msPerByte = baudRate === 0 ? 0 : (BITS_PER_BYTE * 1000) / baudRate;
  }

  send(bytes: Uint8Array, nowMs: number): void {
    const { tamper } = this;
    if (!tamper) {
      this.#arrive(bytes, nowMs);
      return;
    }
    const lines = (this.#partial + Buffer.from(bytes).toString('latin1')).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#arrive(Buffer.from(tamper(`${line}\n`), 'latin1'), nowMs);
  }

  /** When the next bytes arrive; Infinity when none are under way. */
  get nextMs(): number {
    return this.#segments[0]?.dueMs ?? Infinity;
  }

  /** The bytes that have arrived first; call it only when `nextMs` has come. */
  shift(): Uint8Array {
    return this.#segments.shift()?.bytes ?? new Uint8Array(0);
  }

  /** Forgets what is under way. */
  clear(): void {
    this.#segments.length = 0;
    this.#partial = '';
  }

  #arrive(bytes: Uint8Array, nowMs: number): void {
    if (this.#msPerByte === 0) {
      this.#segments.push({ bytes, dueMs: nowMs });
      return;
    }
    this.#freeMs = Math.max(this.#freeMs, nowMs);
    for (let from = 0; from < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, from);
      const to = Math.min(newline === -1 ? bytes.length : newline + 1, from + PACED_BYTES);
      this.#freeMs += (to - from) * this.#msPerByte;
      this.#segments.push({ bytes: bytes.subarray(from, to), dueMs: this.#freeMs });
      from = to;
    }
  }
}
