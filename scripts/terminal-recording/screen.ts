/** How a character looks: names of the picture's classes, such as `bold` or `cyan`. */
export interface Cell {
  readonly char: string;
  readonly style: string;
}

export type Row = readonly Cell[];

const escape = '\u001b';
const blank: Cell = { char: ' ', style: '' };
const pieces = new RegExp(`${escape}\\[([?\\d;]*)([A-Za-z])|${escape}([78=>])|([\\s\\S])`, 'gu');
const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** A terminal that knows as much as our own programs ask of it. What it does not know it throws at, as the picture would be wrong. */
export class Screen {
  readonly #columns: number;
  #rows: Cell[][] = [[]];
  #line = 0;
  #column = 0;
  #bold = false;
  #dim = false;
  #colour = '';

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Rows from the top; nothing scrolls away. */
  get rows(): readonly Row[] {
    return this.#rows.map((row) => row.slice(0, row.findLastIndex(({ char }) => char !== ' ') + 1));
  }

  /** Whole escape sequences only. */
  write(text: string): void {
    for (const [, parameters = '', command, mode, char] of text.matchAll(pieces)) {
      if (command !== undefined) this.#obey(command, parameters);
      else if (mode === undefined) this.#put(char ?? '');
    }
  }

  #put(char: string): void {
    if (char === '\r') this.#column = 0;
    else if (char === '\n') this.#goTo(this.#line + 1);
    else if (char < ' ') throw new Error(`the recording does not know the control character ${JSON.stringify(char)}`);
    else if (this.#column < this.#columns) {
      const row = this.#row;
      while (row.length < this.#column) row.push(blank);
      row[this.#column] = { char, style: this.#style };
      this.#column += 1;
    }
  }

  #obey(command: string, parameters: string): void {
    const count = Number(parameters || '1');
    if (command === 'm') this.#paint(parameters);
    else if (command === 'G') this.#column = count - 1;
    else if (command === 'A') this.#goTo(this.#line - count);
    else if (command === 'B') this.#goTo(this.#line + count);
    else if (command === 'K') this.#erase(parameters || '0');
    // The cursor's own look, and wrapping, which `put` does not do in any case.
    else if (command !== 'h' && command !== 'l')
      throw new Error(`the recording does not know CSI ${parameters}${command}`);
  }

  #erase(kind: string): void {
    if (kind === '0') this.#row.splice(this.#column);
    else if (kind === '2') this.#row.splice(0);
    else throw new Error(`the recording does not know CSI ${kind}K`);
  }

  #paint(parameters: string): void {
    for (const code of (parameters || '0').split(';').map(Number)) {
      if (code === 0) [this.#bold, this.#dim, this.#colour] = [false, false, ''];
      else if (code === 1) this.#bold = true;
      else if (code === 2) this.#dim = true;
      else if (code === 22) [this.#bold, this.#dim] = [false, false];
      else if (code >= 30 && code <= 37) this.#colour = colours[code - 30] ?? '';
      else if (code === 39) this.#colour = '';
      else throw new Error(`the recording does not know the colour ${code}`);
    }
  }

  get #style(): string {
    return [this.#bold ? 'bold' : '', this.#dim ? 'dim' : '', this.#colour].filter((name) => name !== '').join(' ');
  }

  get #row(): Cell[] {
    return this.#rows[this.#line] ?? [];
  }

  #goTo(line: number): void {
    this.#line = Math.max(0, line);
    while (this.#rows.length <= this.#line) this.#rows.push([]);
  }
}
