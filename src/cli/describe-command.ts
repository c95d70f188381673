import type { Command } from 'commander';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { coloursFor } from './terminal/colour.js';

export interface CommandText {
  /** For the list of commands. */
  readonly summary: string;
  /** What the command does, in a paragraph. */
  readonly explanation: string;
  /** Command lines with real values, and what each does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Codes it may end with beside 0, 2 and 130. */
  readonly exits: readonly ExitCode[];
}

/** Gives a command its texts: what `--help` teaches. */
export const describeCommand = (command: Command, text: CommandText): Command =>
  command
    .summary(text.summary)
    .description(text.explanation)
    .addHelpText('after', () => `${examplesText(text.examples)}\n${exitsText(text.exits)}`);

// Commander takes the colours out again where they are not wanted.
const { bold, dim } = coloursFor(true);

export const examplesText = (examples: CommandText['examples']): string => {
  const lines = examples.flatMap(([line, what]) => [`  ${line}`, dim(`      ${what}`)]);
  return ['', bold('Examples:'), ...lines].join('\n');
};

export const exitsText = (exits: readonly ExitCode[]): string => {
  const shown = new Set<ExitCode>([0, 2, 130, ...exits]);
  const codes = ([0, 1, 2, 3, 4, 5, 130] as const).filter((code) => shown.has(code));
  return ['', bold('Exit codes:'), ...codes.map((code) => `  ${String(code).padEnd(5)}${exitCodes[code]}`)].join('\n');
};
