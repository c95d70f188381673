/**
 * The `ok`s that acknowledge none of the numbered lines in flight: those of refused lines, of pieces of lines that ran unnumbered, and
 * of bare commands. When in doubt an `ok` counts as stray: one too few is found by the next question, one too many would overrun the
 * firmware.
 */
export class StrayOks {
  #next = false;
  #namesLines = false;
  readonly #bare: number[] = [];

  /** The next plain `ok` answers a line that was refused or came in pieces. */
  expect(): void {
    this.#next = true;
  }

  /** A bare command was sent behind the numbered line `lastSent`; Marlin answers both in that order. */
  expectBare(lastSent: number): void {
    this.#bare.push(lastSent);
  }

  /** The firmware named the line that it acknowledged, as ADVANCED_OK does: from now on an `ok` without a name is none of ours. */
  named(): void {
    this.#namesLines = true;
    this.#next = false;
  }

  /** Whether a plain `ok` that came now is stray, `acknowledged` being the last numbered line that has its own. */
  takes(acknowledged: number): boolean {
    if (this.#next) {
      this.#next = false;
      return true;
    }
    const [bare] = this.#bare;
    if (bare !== undefined && bare <= acknowledged) {
      this.#bare.shift();
      return true;
    }
    return this.#namesLines;
  }
}
