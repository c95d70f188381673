import { lstat, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

/** `native/pg-symlinks.json`: paths from the package's root. A package cannot hold links, so it lists them. */
const linkList = z.array(z.object({ source: libraryPath(), target: libraryPath() }));

function libraryPath() {
  return z.string().regex(/^native\/lib\/[^/]+$/, 'is not a file in native/lib');
}

/**
 * Makes the library links that the package's install script would have made, had npm or pnpm been allowed to run it. What is there
 * stays; where the folder may not be written the links stay missing, which the caller sees when the program does not run.
 */
export const makeLibraryLinks = async (native: string): Promise<void> => {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linkList.parse(JSON.parse(text))) {
    const link = join(dirname(native), target);
    const isThere = await lstat(link).then(
      () => true,
      () => false,
    );
    // Both lie in the same folder, so the bare name is a link that survives a move of the whole.
    if (!isThere) await symlink(basename(source), link).catch(() => undefined);
  }
};
