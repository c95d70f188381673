import { errorEntry } from '../errors/error-table.js';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import { type ExitCode, exitCodeOf } from './exit-codes.js';
import { Interrupted } from './interrupted.js';
import { knownError } from './known-error.js';
import type { Colours } from './terminal/colour.js';

export interface ErrorReport {
  readonly exitCode: ExitCode;
  /** For stderr, line end included; empty for an interrupt, of which the user knows. */
  readonly text: string;
}

export interface ReportOptions {
  readonly json: boolean;
  readonly colours: Colours;
  /** Whether the stack of an error that nobody foresaw is shown. */
  readonly stack: boolean;
}

/** What a command that ended with this error says, and with which code it exits. */
export const reportError = (thrown: unknown, options: ReportOptions): ErrorReport => {
  if (thrown instanceof Interrupted) return { exitCode: 130, text: '' };
  const error = knownError(thrown);
  return error instanceof SpoolgateError ? foreseen(error, options) : unforeseen(error, options);
};

const foreseen = (error: SpoolgateError, { json, colours }: ReportOptions): ErrorReport => {
  const { code, detail, remedy, data } = error;
  const { summary } = errorEntry(code);
  const exitCode = exitCodeOf(code);
  if (json) return { exitCode, text: jsonLine({ code, summary, detail: detail ?? null, remedy, exitCode, data }) };
  const what = detail === undefined ? summary : `${summary}: ${detail}`;
  return {
    exitCode,
    text: `${colours.red('error:')} ${colours.bold(code)} ${what}\n${colours.cyan('→')} ${remedy}\n`,
  };
};

const hint = 'This should not happen. Run the command again with `--log-level debug` and report what it says.';

const unforeseen = (error: unknown, { json, colours, stack }: ReportOptions): ErrorReport => {
  const text = errorText(error);
  const trace = error instanceof Error && stack ? error.stack : undefined;
  if (json) {
    const summary = 'Something unexpected went wrong';
    return {
      exitCode: 1,
      text: jsonLine({ code: 'UNEXPECTED', summary, detail: text, remedy: hint, exitCode: 1, data: { stack: trace } }),
    };
  }
  const shown = `${colours.red('error:')} ${trace ?? text}\n`;
  return { exitCode: 1, text: trace === undefined ? `${shown}${colours.cyan('→')} ${hint}\n` : shown };
};

const jsonLine = (error: object): string => `${JSON.stringify({ error })}\n`;
