import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../shared');

/** The folder of recordings and samples beside the project, where there is one. */
export const sharedFolder = (name: string): string | undefined => {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  console.warn(`skipped: ${name} is not beside the project`);
  return undefined;
};

export const sharedFiles = (name: string, pattern: RegExp): readonly string[] => {
  const path = sharedFolder(name);
  return path === undefined
    ? []
    : readdirSync(path)
        .filter((file) => pattern.test(file))
        .map((file) => join(path, file));
};
