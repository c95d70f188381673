import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** The parts of the path from `root` down to `path`; undefined when `path` is not below `root`. Both are real paths. */
export const partsBelow = (root: string, path: string): readonly string[] | undefined => {
  const below = relative(root, path);
  const parts = below.split(sep);
  return below === '' || parts[0] === '..' || isAbsolute(below) ? undefined : parts;
};

/** The real path of `path`, or undefined when it is not there, may not be read, or is not of this kind. */
export const realPathOf = async (path: string, kind: 'file' | 'folder'): Promise<string | undefined> => {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    return (kind === 'file' ? found.isFile() : found.isDirectory()) ? real : undefined;
  } catch {
    return undefined;
  }
};

const isWithin = (root: string, path: string): boolean => path === root || partsBelow(root, path) !== undefined;

/**
 * The real folders in which modules may be looked up now: `allowed`, or, where `narrowed` is given, those of `narrowed` that lie inside one
 * of `allowed` once all symbolic links are followed. A relative one is taken below each allowed root.
 */
export const rootFolders = async (
  allowed: readonly string[],
  narrowed: readonly string[] | undefined,
): Promise<readonly string[]> => {
  const folders = new Set<string>();
  for (const root of allowed) {
    const realRoot = await realPathOf(root, 'folder');
    if (realRoot === undefined) continue;
    for (const wanted of narrowed ?? ['.']) {
      const folder = await realPathOf(resolve(realRoot, wanted), 'folder');
      if (folder !== undefined && isWithin(realRoot, folder)) folders.add(folder);
    }
  }
  return [...folders];
};
