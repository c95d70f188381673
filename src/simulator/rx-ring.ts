/**
 * The receive buffer of a serial port on a small board: a ring of which one byte stays free (128 hold 127). What does not fit is
 * lost, silently, as on the board; here it is counted.
 */
export class RxRing {
  readonly #bytes: Uint8Array;
  #head = 0;
  #length = 0;
  /** Bytes that found no room. */
  overflowed = 0;

  /** @param size bytes of the ring, at least 2. */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes that the ring can hold. */
  get capacity(): number {
    return this.#bytes.length - 1;
  }

  push(bytes: Uint8Array): void {
    const fit = Math.min(bytes.length, this.capacity - this.#length);
    this.overflowed += bytes.length - fit;
    let tail = (this.#head + this.#length) % this.#bytes.length;
    for (let index = 0; index < fit; index++) {
      this.#bytes[tail] = bytes[index] as number; // index < fit <= bytes.length
      tail = tail + 1 === this.#bytes.length ? 0 : tail + 1;
    }
    this.#length += fit;
  }

  /** The oldest byte, or -1 when the ring is empty. */
  shift(): number {
    if (this.#length === 0) return -1;
    const byte = this.#bytes[this.#head] as number; // head is always inside the ring
    this.#head = this.#head + 1 === this.#bytes.length ? 0 : this.#head + 1;
    this.#length--;
    return byte;
  }

  clear(): void {
    this.#length = 0;
  }
}
