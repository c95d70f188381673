import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SpoolgateError } from '../../errors/spoolgate-error.js';

const run = promisify(execFile);

/**
 * Puts a terminal into raw mode: bytes pass as they are, in both directions, without echo. Somebody must hold it open meanwhile.
 * Node's own raw mode goes on turning LF into CR LF, so `stty` does it, which every Unix has.
 *
 * @throws SpoolgateError PTY_UNAVAILABLE when it cannot be done.
 */
export const makeRaw = async (path: string, stty = 'stty'): Promise<void> => {
  try {
    await run(stty, [process.platform === 'linux' ? '-F' : '-f', path, 'raw', '-echo']);
  } catch (cause) {
    throw new SpoolgateError('PTY_UNAVAILABLE', { detail: `${stty} could not set ${path} to raw mode`, cause });
  }
};
