const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BACKSPACE = 0x08;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/**
 * Makes lines of bytes as Marlin's serial reader does: LF or CR ends a line, `;` starts a comment, a backslash takes the next byte
 * as it is, and bytes beyond the limit are dropped up to the line's end (MAX_CMD_SIZE 96 keeps 95).
 */
export class LineReader {
  readonly #buffer: Buffer;
  readonly #erases: boolean;
  #count = 0;
  #skips = false;
  #escapes = false;

  /**
   * @param maxCommandSize size of the line buffer, its closing NUL included.
   * @param backspaceErases whether 0x08 takes back the byte before it (Marlin 2).
   */
  constructor(maxCommandSize: number, backspaceErases: boolean) {
    this.#buffer = Buffer.alloc(maxCommandSize - 1);
    this.#erases = backspaceErases;
  }

  /** Bytes of the line that is being read. */
  get length(): number {
    return this.#count;
  }

  /** The finished line without its end, when `byte` ends one that is not empty. Each character stands for one byte. */
  take(byte: number): string | undefined {
    if (byte === NEWLINE || byte === RETURN) {
      const line = this.#count === 0 ? undefined : this.#buffer.toString('latin1', 0, this.#count);
      this.clear();
      return line;
    }
    if (this.#skips) return undefined;
    if (this.#escapes) this.#escapes = false;
    else if (byte === BACKSLASH) {
      this.#escapes = true;
      return undefined;
    } else if (byte === SEMICOLON) {
      this.#skips = true;
      return undefined;
    } else if (byte === BACKSPACE && this.#erases) {
      if (this.#count > 0) this.#count--;
      return undefined;
    }
    this.#buffer[this.#count++] = byte;
    if (this.#count === this.#buffer.length) this.#skips = true;
    return undefined;
  }

  /** Forgets what was read of the line. */
  clear(): void {
    this.#count = 0;
    this.#skips = false;
    this.#escapes = false;
  }
}
