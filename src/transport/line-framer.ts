/** Longest line that is delivered whole, characters. Firmware lines stay far below it (M503 and M115 replies reach a few hundred). */
export const longestLine = 4096;

/**
 * Cuts a byte stream into lines at LF, CR LF or CR. Empty lines are left out, which is also what makes the three line ends one case.
 * Bytes are decoded as latin1, one character each. A run of more than `limit` characters without a line end, as a wrong baud rate
 * gives by the megabyte, comes as pieces of `limit` characters; no more than that is ever kept.
 */
export class LineFramer {
  readonly #limit: number;
  #tail = '';

  constructor(limit = longestLine) {
    this.#limit = limit;
  }

  /** The lines that `chunk` completes, in order; how the stream is cut into chunks changes nothing. */
  push(chunk: Buffer): string[] {
    const text = chunk.toString('latin1');
    const parts = (text.includes('\r') ? text.replaceAll('\r', '\n') : text).split('\n');
    parts[0] = this.#tail + (parts[0] ?? '');
    const lines: string[] = [];
    const last = parts.length - 1;
    for (let i = 0; i < last; i += 1) {
      const rest = this.#cut(parts[i] ?? '', lines);
      if (rest !== '') lines.push(rest);
    }
    this.#tail = this.#cut(parts[last] ?? '', lines);
    return lines;
  }

  /** What is left when the stream ends: the last line without its end, or nothing. */
  end(): string[] {
    const rest = this.#tail;
    this.#tail = '';
    return rest === '' ? [] : [rest];
  }

  #cut(line: string, pieces: string[]): string {
    let rest = line;
    while (rest.length > this.#limit) {
      pieces.push(rest.slice(0, this.#limit));
      rest = rest.slice(this.#limit);
    }
    return rest;
  }
}
