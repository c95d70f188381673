/**
 * Marlin's queue of motion blocks. A ring of 16 holds 15; the block at its head is being driven. Times are simulated ms and must not
 * go back from call to call.
 */
export class Planner {
  readonly capacity: number;
  readonly #durations: Float64Array;
  readonly #ends: Float64Array;
  #head = 0;
  #count = 0;
  #headEndsAt = 0;
  #endsAt = 0;
  #sinceRest = 0;
  #resting = true;
  /** Blocks taken so far. */
  moves = 0;
  /** Sum of the durations of all blocks taken, ms. */
  movedMs = 0;
  /** How often a move found the planner dry in the middle of motion: what a user sees as stutter. */
  underruns = 0;
  /** Time that the planner was dry in those cases, ms. */
  starvedMs = 0;
  /** Where the last finished block ended: X, Y, Z in mm. */
  readonly reached: [x: number, y: number, z: number] = [0, 0, 0];

  /** @param size blocks of the ring, of which one stays free. */
  constructor(size: number) {
    this.capacity = size - 1;
    this.#durations = new Float64Array(size);
    this.#ends = new Float64Array(size * 3);
  }

  /** Blocks that wait or are driven at this time. */
  countAt(nowMs: number): number {
    this.#drain(nowMs);
    return this.#count;
  }

  freeAt(nowMs: number): number {
    return this.capacity - this.countAt(nowMs);
  }

  /** When the block that is being driven ends. Meaningless while the planner is empty. */
  get nextFreeMs(): number {
    return this.#headEndsAt;
  }

  /** When the last block ends; in the past when the planner is empty. */
  get endsAtMs(): number {
    return this.#endsAt;
  }

  /** Takes a block; the caller has made sure that there is room. */
  add(durationMs: number, x: number, y: number, z: number, nowMs: number): void {
    this.#drain(nowMs);
    if (this.#count === 0) {
      if (!this.#resting && this.#sinceRest > this.capacity) {
        this.underruns++;
        this.starvedMs += nowMs - this.#endsAt;
      }
      this.#endsAt = nowMs;
      this.#headEndsAt = nowMs + durationMs;
    }
    this.#resting = false;
    this.#sinceRest++;
    this.moves++;
    this.movedMs += durationMs;
    this.#endsAt += durationMs;
    const place = (this.#head + this.#count) % this.#durations.length;
    this.#durations[place] = durationMs;
    this.#ends[place * 3] = x;
    this.#ends[place * 3 + 1] = y;
    this.#ends[place * 3 + 2] = z;
    this.#count++;
  }

  /** The print itself asks for a stand-still (dwell, homing, M400): running dry is no fault. */
  rest(): void {
    this.#resting = true;
    this.#sinceRest = 0;
  }

  /** Drops all blocks, the one that is being driven too. */
  stop(nowMs: number): void {
    this.#drain(nowMs);
    this.#count = 0;
    this.#endsAt = nowMs;
    this.rest();
  }

  /** Says where the machine stands, without a move (G92, homing). */
  place(x: number, y: number, z: number): void {
    this.reached[0] = x;
    this.reached[1] = y;
    this.reached[2] = z;
  }

  #drain(nowMs: number): void {
    while (this.#count > 0 && this.#headEndsAt <= nowMs) {
      const at = this.#head * 3;
      // Three places for each block of the ring.
      this.place(this.#ends[at] as number, this.#ends[at + 1] as number, this.#ends[at + 2] as number);
      this.#head = (this.#head + 1) % this.#durations.length;
      this.#count--;
      if (this.#count > 0) this.#headEndsAt += this.#durations[this.#head] as number;
    }
  }
}
