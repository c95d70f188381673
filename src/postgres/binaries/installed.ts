import { readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type BinariesFinding, OLDEST_MAJOR, type PostgresBinaries } from '../postgres-binaries.js';
import { runProgram } from '../run-program.js';
import { packagedBinaries } from './packaged.js';

/** Where Debian, Ubuntu and Raspberry Pi OS keep one folder for each major version. */
const DEBIAN_ROOT = '/usr/lib/postgresql';

/** Reads the binaries of a folder by asking them for their version; those of an npm package by its package.json. */
export const inspectBinDir = async (binDir: string, origin: PostgresBinaries['origin']): Promise<BinariesFinding> => {
  for (const program of ['postgres', 'initdb'])
    if (!(await isFile(join(binDir, program)))) return { where: binDir, reason: `there is no ${program}` };
  const packaged = await packagedBinaries(dirname(binDir), origin);
  if (packaged) return { found: packaged };
  const { ok, output, reason } = await runProgram(join(binDir, 'postgres'), ['--version'], { timeoutMs: 20_000 });
  if (!ok) return { where: binDir, reason };
  const version = /\(PostgreSQL\)\s+(\d+(?:\.\d+)*)/.exec(output)?.[1];
  if (version === undefined) return { where: binDir, reason: `its version cannot be read from "${output.trim()}"` };
  const major = Number.parseInt(version, 10);
  if (major < OLDEST_MAJOR) return { where: binDir, reason: `version ${version} is older than ${OLDEST_MAJOR}` };
  return { found: { binDir, version, major, origin, packagedIn: undefined } };
};

/** Debian's versions, newest first. */
export const systemBinaries = async (root: string = DEBIAN_ROOT): Promise<BinariesFinding[]> => {
  const names = await readdir(root).catch(() => []);
  const majors = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
  return Promise.all(majors.map((major) => inspectBinDir(join(root, major, 'bin'), 'system')));
};

/** `postgres` on PATH, links followed to the installation that they lead to. */
export const pathBinaries = async (path: string | undefined): Promise<BinariesFinding[]> => {
  const folders = (path ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const real = await Promise.all(folders.map((folder) => realpath(join(folder, 'postgres')).catch(() => undefined)));
  const binDirs = new Set(real.flatMap((file) => (file === undefined ? [] : [dirname(file)])));
  return Promise.all([...binDirs].map((binDir) => inspectBinDir(binDir, 'path')));
};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
