import type { Colours } from './terminal/colour.js';
import { coloursFor, wantsColour } from './terminal/colour.js';
import { type Column, tableText } from './terminal/table.js';
import { Interrupts } from './interrupts.js';
import type { Settings } from './settings.js';

/** What a command works with: the global options, where its words go, and whether it has been interrupted. */
export class Cli {
  readonly settings: Settings;
  readonly interrupts = new Interrupts();
  /** For stdout. */
  readonly colours: Colours;
  /** For stderr. */
  readonly noteColours: Colours;

  constructor(settings: Settings) {
    this.settings = settings;
    this.colours = coloursFor(wantsColour(process.stdout, settings.colour));
    this.noteColours = coloursFor(wantsColour(process.stderr, settings.colour));
  }

  get json(): boolean {
    return this.settings.json;
  }

  /** Columns of the terminal; undefined where stdout is none: nothing is cut there. */
  get width(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  }

  /** Ends the command when it is interrupted. */
  get signal(): AbortSignal {
    return this.interrupts.signal;
  }

  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** A word about what is going on, beside the result: to stderr. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** The result: JSON with --json (in one line unless a person reads it), else the text. */
  result(value: unknown, text: () => string): void {
    if (this.json) this.print(JSON.stringify(value, undefined, process.stdout.isTTY ? 2 : undefined));
    else this.print(text());
  }

  /** A list: a JSON array with --json, else a table, or `none` where it is empty. */
  list<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): void {
    this.result(rows, () =>
      rows.length === 0
        ? this.colours.dim(none)
        : tableText(rows, columns, { colours: this.colours, width: this.width }),
    );
  }
}
