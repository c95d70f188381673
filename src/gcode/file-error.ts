import type { ErrorCode } from '../errors/error-table.js';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';

/** An error of the error table about one file, with the place in it where there is one. */
export const fileError = (
  code: ErrorCode,
  path: string,
  what: string,
  fileLine?: number,
  cause?: unknown,
): SpoolgateError =>
  new SpoolgateError(code, {
    detail: fileLine === undefined ? `${path}: ${what}` : `${path}, line ${fileLine}: ${what}`,
    data: { path, ...(fileLine !== undefined && { fileLine }) },
    cause,
  });

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '');

/** What the system or zlib said while the file was opened or read, as an error of the error table. */
export const readError = (path: string, cause: unknown): SpoolgateError => {
  if (cause instanceof SpoolgateError) return cause;
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return fileError('FILE_NOT_FOUND', path, 'no such file', undefined, cause);
  // zlib's word for input that stops before the end of the compressed stream.
  if (code === 'Z_BUF_ERROR') return fileError('FILE_CUT_SHORT', path, 'the gzip stream has no end', undefined, cause);
  return fileError('FILE_UNREADABLE', path, errorText(cause), undefined, cause);
};
