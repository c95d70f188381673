import { type ErrorCode, errorEntry } from './error-table.js';

export interface SpoolgateErrorOptions {
  /** What this occurrence adds to the table's sentence: the port, the field, the printer's own words. */
  readonly detail?: string;
  /** Machine-readable facts of this occurrence: line number, Z in mm, path. No secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error from the error table. `message` is `CODE: summary: detail`, built here and nowhere else. */
export class SpoolgateError extends Error {
  override readonly name = 'SpoolgateError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, options: SpoolgateErrorOptions = {}) {
    const { summary } = errorEntry(code);
    super(`${code}: ${summary}${options.detail === undefined ? '' : `: ${options.detail}`}`, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.data = options.data ?? {};
  }

  /** What the operator should do next. */
  get remedy(): string {
    return errorEntry(this.code).remedy;
  }
}

/** The error's own words, whatever was thrown. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
