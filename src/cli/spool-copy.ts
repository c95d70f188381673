import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileError, readError } from '../gcode/file-error.js';
import { resolveInSpool } from '../gcode/spool-file.js';

export interface SpooledFile {
  /** What the job's `kwargs.file` says: relative to the spool folder, with slashes. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Whether it had to be copied. */
  readonly copied: boolean;
}

export interface PlaceOptions {
  /** Rejects for a file that is not wanted in there; called before it is copied. */
  readonly check: (path: string) => Promise<unknown>;
  readonly signal?: AbortSignal;
}

/**
 * Sees to it that a file lies in the spool folder, which is made where it is missing. A file that is in there already, by this path or by
 * its name there, is used as it is; any other is copied. One of the same name and content that is there already serves as well; one of
 * other content stays, and the copy is called `NAME-2.gcode`.
 *
 * A copy appears under its name only when it is whole. Throws FILE_NOT_FOUND, FILE_UNREADABLE, FILE_OUTSIDE_SPOOL.
 */
export const placeInSpool = async (
  file: string,
  spoolDir: string,
  { check, signal }: PlaceOptions,
): Promise<SpooledFile> => {
  await mkdir(spoolDir, { recursive: true }).catch((cause: unknown) => {
    throw readError(spoolDir, cause);
  });
  const spool = await realpath(spoolDir);
  const path = await realpath(file).catch(() => undefined);
  if (path === undefined) {
    const named = await namedInSpool(spool, file);
    await check(named);
    return { name: file, path: named, copied: false };
  }
  if (!(await stat(path)).isFile()) throw fileError('FILE_UNREADABLE', file, 'it is not a regular file');
  await check(path);
  const inside = relative(spool, path);
  if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && resolve(spool, inside) === path) {
    return { name: inside.split(sep).join('/'), path, copied: false };
  }
  const name = await copyInto(spool, path, basename(file), signal);
  return { name, path: join(spool, name), copied: true };
};

const namedInSpool = async (spool: string, name: string): Promise<string> => {
  try {
    return await resolveInSpool(spool, name);
  } catch (cause) {
    throw fileError('FILE_NOT_FOUND', name, `neither here nor in ${spool}`, undefined, cause);
  }
};

const copyInto = async (
  spool: string,
  path: string,
  wanted: string,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const part = join(spool, `.${wanted}.${process.pid}.part`);
  try {
    const hash = await copyFile(path, part, signal);
    for (let copy = 1; ; copy += 1) {
      const name = copy === 1 ? wanted : numbered(wanted, copy);
      const target = join(spool, name);
      if (await appear(part, target)) return name;
      if ((await hashOf(target)) === hash) return name;
    }
  } finally {
    await rm(part, { force: true });
  }
};

/** `benchy.gcode` becomes `benchy-2.gcode`, `benchy.gcode.gz` becomes `benchy-2.gcode.gz`. */
const numbered = (name: string, copy: number): string => {
  const ending = /(?<=.)\.(?:[^.]+\.gz|[^.]+)$/i.exec(name)?.[0] ?? '';
  return `${name.slice(0, name.length - ending.length)}-${copy}${ending}`;
};

/** Gives the finished copy its name unless another file has it. File systems without hard links (FAT) leave a gap for a race. */
const appear = async (part: string, target: string): Promise<boolean> => {
  try {
    await link(part, target);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    const isTaken = await stat(target).then(
      () => true,
      () => false,
    );
    if (!isTaken) await rename(part, target);
    return !isTaken;
  }
};

const copyFile = async (from: string, to: string, signal: AbortSignal | undefined): Promise<string> => {
  const hash = createHash('sha256');
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    // Flushed to the disk before the name appears: what has a name must be whole after a power cut.
    await pipeline(
      createReadStream(from),
      tee,
      createWriteStream(to, { flush: true }),
      ...(signal ? [{ signal }] : []),
    );
  } catch (cause) {
    signal?.throwIfAborted();
    throw readError(from, cause);
  }
  return hash.digest('hex');
};

const hashOf = async (path: string): Promise<string | undefined> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    // A folder, or a file that we may not read: not ours.
    return undefined;
  }
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
