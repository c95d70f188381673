/** A line that has been given a number. */
export interface SentLine<Tag> {
  readonly number: number;
  readonly command: string;
  /** As it goes over the wire, line end included; latin1, so its length is its bytes. */
  readonly framed: string;
  readonly tag: Tag | undefined;
  /** A temperature query: its answer cannot be mistaken for another line's. */
  readonly isProbe: boolean;
  /** It may hold its acknowledgement for minutes. */
  readonly holds: boolean;
}

/** The last lines by number, so that a resend finds them. Holds `capacity` of them, a power of two. */
export class SentLines<Tag> {
  readonly #lines: (SentLine<Tag> | undefined)[];
  readonly #mask: number;

  constructor(capacity = 1024) {
    this.#lines = Array.from({ length: capacity });
    this.#mask = capacity - 1;
  }

  put(line: SentLine<Tag>): void {
    this.#lines[line.number & this.#mask] = line;
  }

  /** Undefined when the line was never sent or has been overwritten since. */
  get(number: number): SentLine<Tag> | undefined {
    const line = this.#lines[number & this.#mask];
    return line?.number === number ? line : undefined;
  }
}
