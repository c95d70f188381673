import { createRequire } from 'node:module';
import { SpoolgateError } from '../../errors/spoolgate-error.js';

/** The two ends of a pseudo-terminal, as file descriptors, and the path of the slave. */
export interface PtyPair {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}

export interface NativePty {
  open(columns: number, rows: number): PtyPair;
}

/**
 * The native part of @lydell/node-pty. The package's own `open` reads from the slave and so eats the host's input; the binary beneath
 * only opens. It lies in a package for the platform, which stands beside or inside the main one.
 *
 * @throws SpoolgateError PTY_UNAVAILABLE when the optional package, or its binary for this platform, is not installed.
 */
export const loadNativePty = (packageName = '@lydell/node-pty'): NativePty => {
  try {
    const main = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
    return createRequire(main)(`${packageName}-${process.platform}-${process.arch}/pty.node`) as NativePty;
  } catch (cause) {
    throw new SpoolgateError('PTY_UNAVAILABLE', {
      detail: `${packageName} has no binary for ${process.platform}-${process.arch} here`,
      cause,
    });
  }
};
