import { errorText } from '../../errors/spoolgate-error.js';

/** SQLSTATEs that say that the server went away or takes nobody now: nothing is wrong with the statement. */
const lostStates = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03']);

/** What Node says of a socket that cannot be opened or has died. */
const lostErrnos = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The words of pg and pg-pool, which give these errors no code. */
const lostWords =
  /^(?:Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed and is not queryable|Client network socket disconnected|The server does not support SSL)/i;

/**
 * Whether the database was lost, refused us or is starting or stopping, as against an error of the statement itself: what failed may be
 * tried again on another connection. Whether it had already run is unknown.
 */
export const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isConnectionError);
  const { code } = error as { code?: unknown };
  if (code === 'DATABASE_UNREACHABLE') return true;
  if (typeof code === 'string' && (lostErrnos.has(code) || lostStates.has(code) || /^08...$/.test(code))) return true;
  return lostWords.test(error.message) || (error.cause !== undefined && isConnectionError(error.cause));
};

/** The error's own words; of several addresses that were tried, those of each. */
export const connectionErrorText = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(errorText).join('; ') : errorText(error);
