import type { Cli } from '../cli.js';

const nameColumns = 18;

/** What the demo has set up so far, a line for each; nothing with --json. */
export class DemoSteps {
  readonly #cli: Cli;

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  title(text: string): void {
    if (!this.#cli.json) this.#cli.print(this.#cli.colours.bold(text));
  }

  done(name: string, what: string): void {
    const { green, dim } = this.#cli.colours;
    if (!this.#cli.json) this.#cli.print(`${green('✓')} ${name.padEnd(nameColumns)} ${dim(what)}`);
  }

  note(text: string): void {
    // The cursor may stand behind `^C`, or in the line that shows the progress.
    const clear = process.stderr.isTTY ? '\r\u001b[K' : '';
    this.#cli.note(`${clear}${this.#cli.noteColours.dim(text)}`);
  }
}
