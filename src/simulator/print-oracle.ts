import type { PrintComparison } from './print-comparison.js';
import { PrintMatcher } from './print-matcher.js';

/**
 * Knows which commands the simulated printer ran, in order. Either it keeps them all and compares afterwards, or it is told before
 * the print what to expect and compares as they run, keeping none: for files that are too long to keep.
 */
export class PrintOracle {
  readonly #commands: string[] = [];
  /** Those of them, by index, that the firmware did not know. */
  readonly #unknown = new Set<number>();
  #matcher: PrintMatcher | undefined;
  #count = 0;

  /** The commands that ran; empty while `expect` is in force. */
  get commands(): readonly string[] {
    return this.#commands;
  }

  /** How many commands ran. */
  get count(): number {
    return this.#count;
  }

  /** From now on commands are compared with these and not kept. */
  expect(expected: Iterable<string>, ignore: readonly string[] = []): void {
    this.reset();
    this.#matcher = new PrintMatcher(expected, ignore);
  }

  /** @param known whether the firmware knew the command; otherwise nothing happened but its answer. */
  ran(command: string, known = true): void {
    this.#count++;
    if (this.#matcher) {
      this.#matcher.ran(command, known);
      return;
    }
    if (!known) this.#unknown.add(this.#commands.length);
    this.#commands.push(command);
  }

  /**
   * Compares what was kept with the lines of a file (comments and blank lines are passed over). Housekeeping of hosts outside the
   * file's own lines, and the codes or commands in `ignore`, do not count.
   */
  compare(expected: Iterable<string>, ignore: readonly string[] = []): PrintComparison {
    const matcher = new PrintMatcher(expected, ignore);
    for (const [index, command] of this.#commands.entries()) matcher.ran(command, !this.#unknown.has(index));
    return matcher.finish();
  }

  /** Ends the comparison that `expect` began; undefined when there is none. */
  result(): PrintComparison | undefined {
    const comparison = this.#matcher?.finish();
    this.#matcher = undefined;
    return comparison;
  }

  /** Forgets everything. */
  reset(): void {
    this.#commands.length = 0;
    this.#unknown.clear();
    this.#matcher = undefined;
    this.#count = 0;
  }
}
