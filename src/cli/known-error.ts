import { CommanderError } from 'commander';
import { SpoolgateError } from '../errors/spoolgate-error.js';

/** SQLSTATEs by which Postgres turns away this user or database, whatever is asked of it. */
const refusals = /^(28...|3D000|42501)$/;

/** What other libraries throw, as an error of the table where there is one for it; anything else as it came. */
export const knownError = (error: unknown): unknown => {
  if (error instanceof CommanderError) {
    const detail = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
    return new SpoolgateError('USAGE', { detail, cause: error });
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && refusals.test(error.code)) {
    return new SpoolgateError('DATABASE_REFUSED', { detail: error.message, cause: error });
  }
  return error;
};
