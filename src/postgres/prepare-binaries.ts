import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolgateError, errorText } from '../errors/spoolgate-error.js';
import type { EventBus } from '../events/event-bus.js';
import { copyBinaries } from './copy-binaries.js';
import { makeLibraryLinks } from './library-links.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { runProgram } from './run-program.js';
import type { ServerUser } from './server-user.js';

export interface PrepareOptions {
  readonly user: ServerUser | undefined;
  /** Where copies go. */
  readonly copies: string;
  readonly events: EventBus;
}

/**
 * The first of the candidates that the server's user can run, after what npm left undone has been done: library links, x bits, and a
 * copy where the user cannot reach the package (an application under /root) or the folder cannot be written.
 * @throws SpoolgateError POSTGRES_NOT_FOUND, with each candidate and why it does not run; POSTGRES_START_FAILED when root may not
 * become the server's user.
 */
export const prepareBinaries = async (
  candidates: readonly PostgresBinaries[],
  options: PrepareOptions,
): Promise<PostgresBinaries> => {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      return await prepare(candidate, options);
    } catch (error) {
      if (error instanceof SpoolgateError) throw error;
      reasons.push(`${candidate.binDir}: ${errorText(error)}`);
    }
  }
  throw new SpoolgateError('POSTGRES_NOT_FOUND', {
    detail: `${reasons.join('; ')}${options.user ? ` (run as the user ${options.user.name}, because Postgres refuses root)` : ''}`,
  });
};

const PROGRAMS = ['postgres', 'initdb'];

const prepare = async (binaries: PostgresBinaries, options: PrepareOptions): Promise<PostgresBinaries> => {
  const { packagedIn, version } = binaries;
  if (packagedIn === undefined) {
    await mustRun(binaries.binDir, options.user);
    return binaries;
  }
  await makeLibraryLinks(packagedIn);
  await Promise.all(PROGRAMS.map((program) => makeExecutable(join(binaries.binDir, program))));
  try {
    await mustRun(binaries.binDir, options.user);
    return binaries;
  } catch (error) {
    if (error instanceof SpoolgateError) throw error;
    const { copy, isNew } = await copyBinaries(packagedIn, version, options.copies);
    if (isNew) options.events.emit('postgres.binaries_copied', { from: packagedIn, to: copy });
    await mustRun(join(copy, 'bin'), options.user);
    return { ...binaries, binDir: join(copy, 'bin'), packagedIn: copy };
  }
};

/** Some package managers drop the x bits. Where this process may not set them, the copy has them. */
const makeExecutable = async (file: string): Promise<void> => {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, (mode & 0o7777) | 0o111).catch(() => undefined);
};

const mustRun = async (binDir: string, user: ServerUser | undefined): Promise<void> => {
  for (const program of PROGRAMS) {
    const { ok, reason } = await runProgram(join(binDir, program), ['--version'], { user, timeoutMs: 30_000 });
    if (ok) continue;
    if (user && reason.includes('EPERM'))
      throw new SpoolgateError('POSTGRES_START_FAILED', {
        detail: `Postgres refuses root, and this root may not become the user ${user.name} (no CAP_SETUID, as in a confined container); run Spoolgate as an ordinary user, or set DATABASE_URL`,
      });
    throw new Error(reason);
  }
};
