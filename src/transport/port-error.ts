import type { ErrorCode } from '../errors/error-table.js';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';

/** What serialport's bindings and the system say when a port cannot be opened: error codes of Node, or only the C library's text. */
const words: readonly (readonly [ErrorCode, RegExp])[] = [
  ['PORT_BUSY', /\bEBUSY\b|cannot lock port|port is locked|device or resource busy/i],
  ['PORT_PERMISSION', /\b(EACCES|EPERM)\b|permission denied|operation not permitted|access (is )?denied/i],
  [
    'PORT_NOT_FOUND',
    /\b(ENOENT|ENODEV|ENXIO|ENOTDIR|ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b|no such (file|device)|file not found|does not exist/i,
  ],
];

/** Windows refuses a second opener with "Access denied": there it means that the port is held. */
const isHeldOnWindows = (text: string, platform: NodeJS.Platform): boolean =>
  platform === 'win32' && /access (is )?denied/i.test(text);

/** The error of a port that could not be opened, with the system's words and the cause. */
export const openError = (description: string, cause: unknown, platform = process.platform): SpoolgateError => {
  if (cause instanceof SpoolgateError) return cause;
  const text = errorText(cause);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const found = isHeldOnWindows(text, platform)
    ? 'PORT_BUSY'
    : (words.find(([, pattern]) => pattern.test(code) || pattern.test(text))?.[0] ?? 'PORT_FAILED');
  return new SpoolgateError(found, { detail: `${description}: ${text}`, cause });
};

/** The error of a port that was open and is gone. */
export const lostError = (description: string, cause: unknown): SpoolgateError =>
  new SpoolgateError('LINK_LOST', { detail: `${description}: ${errorText(cause)}`, cause });
