import { Transform, type TransformCallback } from 'node:stream';
import { longestLine } from '../line-framer.js';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Stands before serialport's line parser, which knows one line end and keeps whatever has none: CR becomes LF, and a run of more than
 * `limit` bytes gets a line end of its own after every `limit`.
 */
export class LineGuard extends Transform {
  readonly #limit: number;
  #length = 0;

  constructor(limit = longestLine) {
    super();
    this.#limit = limit;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (byte === LF || byte === CR) {
        chunk[i] = LF;
        this.#length = 0;
      } else {
        if (this.#length === this.#limit) {
          this.push(chunk.subarray(start, i));
          this.push(Buffer.of(LF));
          start = i;
          this.#length = 0;
        }
        this.#length += 1;
      }
    }
    done(null, chunk.subarray(start));
  }
}
