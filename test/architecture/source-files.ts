import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports, types included: paths from the project's root for files, names for packages. */
  readonly imports: readonly string[];
}

/** `import x from 'y'`, `export * from 'y'`, `import 'y'`, `import('y')`. */
const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g;

const importsOf = (path: string, text: string): string[] =>
  [...text.matchAll(importPattern)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    if (!name.startsWith('.')) return name;
    return relative(projectRoot, resolve(projectRoot, dirname(path), name))
      .split(sep)
      .join('/')
      .replace(/\.js$/, '.ts');
  });

/** All TypeScript files below a folder of the project. */
export const sourceFiles = (folder: string): readonly SourceFile[] =>
  readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const path = relative(projectRoot, join(entry.parentPath, entry.name)).split(sep).join('/');
      const text = readFileSync(join(projectRoot, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
