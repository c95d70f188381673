import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep, win32 } from 'node:path';
import { fileError, readError } from './file-error.js';

/**
 * The real path of a file that a job names, which may only lie in the spool folder: a relative name without `..`, whose target, links
 * followed, is a regular file still inside. Throws FILE_OUTSIDE_SPOOL, FILE_NOT_FOUND, or FILE_UNREADABLE for a folder or device.
 */
export const resolveInSpool = async (spoolDir: string, name: string): Promise<string> => {
  const isRooted = isAbsolute(name) || win32.isAbsolute(name) || /^[a-z]:/i.test(name);
  const climbs = name.split(/[/\\]/).includes('..');
  if (name === '' || name.includes('\0') || isRooted || climbs)
    throw fileError('FILE_OUTSIDE_SPOOL', JSON.stringify(name), 'not a relative path inside the spool folder');
  const spool = await real(spoolDir, 'the spool folder is not there');
  const path = await real(join(spool, name), `no such file in ${spoolDir}`);
  const inside = relative(spool, path);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw fileError('FILE_OUTSIDE_SPOOL', name, `the link leads to ${path}`);
  if (!(await stat(path)).isFile()) throw fileError('FILE_UNREADABLE', name, 'it is not a regular file');
  return path;
};

const real = async (path: string, missing: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (cause) {
    const isMissing =
      cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    throw isMissing ? fileError('FILE_NOT_FOUND', path, missing, undefined, cause) : readError(path, cause);
  }
};
