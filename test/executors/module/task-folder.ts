import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder with these files, by relative path. */
export const taskFolder = async (
  files: Readonly<Record<string, string>>,
): Promise<{ path: string; remove(): Promise<void> }> => {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'spoolgate-tasks-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
