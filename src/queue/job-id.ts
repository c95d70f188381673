import { randomFillSync } from 'node:crypto';

/** Where ids take time and chance from. */
export interface JobIdSources {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Fills the array with random bytes. */
  readonly random?: (bytes: Uint8Array) => void;
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ticksPerMs = 10_000;
/** Random bytes are fetched for this many ids at a time. */
const pooledIds = 256;

/** Whether a text is a UUID as Postgres prints it. */
export const isJobId = (text: string): boolean => idPattern.test(text);

/**
 * Makes job ids in Chancy's layout (wire contract, section 2): 4 zero bits, 56 bits of 100 ns ticks since the epoch, 4 bits of 7,
 * binary 10, 62 random bits. Each id of one maker is greater than the one before, whatever the clock does: within a millisecond, or
 * when the clock goes back, the ticks are counted on.
 */
export class JobIdMaker {
  readonly #now: () => number;
  readonly #random: (bytes: Uint8Array) => void;
  readonly #pool = Buffer.alloc(pooledIds * 8);
  #used = this.#pool.length;
  /** The last tick given out, as milliseconds and ticks within one: their product is too large for a number. */
  #ms = 0;
  #tick = -1;

  constructor(sources: JobIdSources = {}) {
    this.#now = sources.now ?? Date.now;
    this.#random = sources.random ?? randomFillSync;
  }

  next(): string {
    this.#advance();
    const ticks = (BigInt(this.#ms) * BigInt(ticksPerMs) + BigInt(this.#tick)).toString(16).padStart(15, '0');
    const chance = this.#chance();
    return `${ticks.slice(0, 8)}-${ticks.slice(8, 12)}-${ticks.slice(12)}7-${chance.slice(0, 4)}-${chance.slice(4)}`;
  }

  #advance(): void {
    const now = Math.floor(this.#now());
    if (now > this.#ms) {
      this.#ms = now;
      this.#tick = 0;
    } else if (this.#tick + 1 < ticksPerMs) {
      this.#tick += 1;
    } else {
      this.#ms += 1;
      this.#tick = 0;
    }
  }

  /** 16 hex digits whose first two bits are 10. */
  #chance(): string {
    if (this.#used === this.#pool.length) {
      this.#random(this.#pool);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += 8;
    this.#pool.writeUInt8((this.#pool.readUInt8(at) & 0x3f) | 0x80, at);
    return this.#pool.toString('hex', at, at + 8);
  }
}

const processMaker = new JobIdMaker();

/** The next id of this process. */
export const newJobId = (): string => processMaker.next();
