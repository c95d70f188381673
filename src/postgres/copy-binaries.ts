import { createHash } from 'node:crypto';
import { constants, chmod, copyFile, lstat, mkdir, readdir, readlink, rename, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeLeftovers } from './data-directory.js';
import { makeLibraryLinks } from './library-links.js';

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly link: string | undefined;
}

/** Needed to build extensions only. */
const IGNORED = /\.a$|^lib\/pkgconfig\/|^lib\/postgresql\/pgxs\//;

/**
 * Copies the `native` folder of an npm package to `folder/postgres-VERSION-HASH/native`, readable and executable for everyone, and
 * returns it; a complete copy is used again, copies of other versions are removed. The caller holds the start lock.
 */
export const copyBinaries = async (
  native: string,
  version: string,
  folder: string,
): Promise<{ copy: string; isNew: boolean }> => {
  const entries = await listEntries(native);
  const hash = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 12);
  const target = join(folder, `postgres-${version}-${hash}`);
  const copied = join(target, 'native');
  if (await isComplete(copied, entries)) return { copy: copied, isNew: false };
  await removeLeftovers(folder, 'postgres-');
  const unfinished = `${target}.unfinished`;
  await makeFolder(folder);
  await makeFolder(unfinished);
  const folders = new Set(['.', ...entries.flatMap(({ path }) => parents(path))]);
  for (const path of folders) await makeFolder(join(unfinished, 'native', path));
  for (const entry of entries) await copyEntry(native, join(unfinished, 'native'), entry);
  await makeLibraryLinks(join(unfinished, 'native'));
  await rename(unfinished, target);
  return { copy: copied, isNew: true };
};

const copyEntry = async (from: string, to: string, { path, link }: Entry): Promise<void> => {
  const target = join(to, path);
  if (link !== undefined) return symlink(link, target);
  await copyFile(join(from, path), target, constants.COPYFILE_FICLONE);
  await chmod(target, path.startsWith('bin/') || /\.so(?:\.|$)/.test(basename(path)) ? 0o755 : 0o644);
};

/** All files are there with their sizes: after a power cut a file that was never written back is empty. */
const isComplete = async (copied: string, entries: readonly Entry[]): Promise<boolean> => {
  const sizes = new Map((await listEntries(copied).catch(() => [])).map(({ path, size }) => [path, size]));
  return entries.every(({ path, size }) => sizes.get(path) === size);
};

const listEntries = async (root: string): Promise<Entry[]> => {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const entries = found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !IGNORED.test(path))
    .sort();
  return Promise.all(
    entries.map(async (path) => {
      const stats = await lstat(join(root, path));
      const link = stats.isSymbolicLink() ? await readlink(join(root, path)) : undefined;
      return { path, size: stats.size, link };
    }),
  );
};

const parents = (path: string): string[] => {
  const parent = dirname(path);
  return parent === '.' ? [] : [...parents(parent), parent];
};

/** With exactly these bits, whatever the umask. */
const makeFolder = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
};
