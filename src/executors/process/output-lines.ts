import type { Readable } from 'node:stream';

const longestLine = 4000;
const mostLines = 1000;
const longestTail = 2000;

/** What a child writes to one of its streams, as lines; bounded, as nobody knows how much a job writes. */
export class OutputLines {
  readonly #tell: (line: string) => void;
  #line = '';
  #lines = 0;
  #tail = '';

  /** `tell` is called with each line as it ends. A line is cut at 4000 characters; after 1000 lines since `begin` the last says so. */
  constructor(stream: Readable, tell: (line: string) => void) {
    this.#tell = tell;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#read(text));
    stream.on('end', () => this.#endLine());
    // A pipe that breaks has said all that it will.
    stream.on('error', () => this.#endLine());
  }

  /** The last 2000 characters since `begin`. */
  get tail(): string {
    return this.#tail.trim();
  }

  /** Another run begins: what is written from now on is taken for its output. */
  begin(): void {
    this.#endLine();
    this.#lines = 0;
    this.#tail = '';
  }

  #read(text: string): void {
    this.#tail = (this.#tail + text).slice(-longestTail);
    const [first = '', ...others] = text.split('\n');
    this.#add(first);
    for (const part of others) {
      this.#endLine(true);
      this.#add(part);
    }
  }

  #add(part: string): void {
    if (this.#line.length <= longestLine) this.#line += part.slice(0, longestLine + 1 - this.#line.length);
  }

  #endLine(isWhole = false): void {
    const line = this.#line.replace(/\r$/, '');
    this.#line = '';
    if (line === '' && !isWhole) return;
    this.#lines += 1;
    if (this.#lines <= mostLines) this.#tell(line.length > longestLine ? `${line.slice(0, longestLine)} …` : line);
    else if (this.#lines === mostLines + 1) this.#tell('… (the rest of the output is not shown)');
  }
}
