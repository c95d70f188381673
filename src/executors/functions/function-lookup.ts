import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { type FunctionName, isPlainPath, moduleExtensions, parseFunctionName, quotedName } from './function-name.js';
import type { JobFunction } from './job-function.js';
import { partsBelow, realPathOf, rootFolders } from './root-folders.js';

/** What the operator allows to be run. Folders are absolute. */
export interface AllowedFunctions {
  readonly roots: readonly string[];
  /** By the exact `func` of their jobs; looked up before the roots. */
  readonly functions: ReadonlyMap<string, JobFunction>;
}

/** Files that may hold the function, below a root. Where a job names built JavaScript, its TypeScript source will do. */
const candidates = ({ segments, extension }: FunctionName): readonly string[] => {
  const path = join(...segments);
  if (extension === undefined) return moduleExtensions.map((each) => path + each);
  return extension.endsWith('js') ? [path + extension, path + extension.replace('js', 'ts')] : [path + extension];
};

/** Finds the functions that jobs name, among those that the operator allows. Nothing outside of them is ever imported. */
export class FunctionLookup {
  readonly #allowed: AllowedFunctions;
  readonly #rowRoots: readonly string[] | undefined;

  constructor(allowed: AllowedFunctions, rowRoots: readonly string[] | undefined) {
    this.#allowed = allowed;
    this.#rowRoots = rowRoots;
  }

  /**
   * The function that `func` names: a registered one, else an export of a module below a root. Node keeps a module once it is imported, and
   * the error of one that failed: changed code needs a new process.
   * Throws FUNCTION_UNKNOWN, FUNCTION_NOT_ALLOWED, or MODULE_FAILED with the module's own error as cause.
   */
  async find(func: string): Promise<JobFunction> {
    const registered = this.#allowed.functions.get(func);
    if (registered !== undefined) return registered;
    if (this.#allowed.roots.length === 0)
      throw new SpoolgateError('FUNCTION_NOT_ALLOWED', {
        detail: `${quotedName(func)} is not registered, and no roots are allowed`,
      });
    const name = parseFunctionName(func);
    const file = await this.#file(func, name);
    return exportedFunction(func, file, name.exportName);
  }

  async #file(func: string, name: FunctionName): Promise<string> {
    const roots = await rootFolders(this.#allowed.roots, this.#rowRoots);
    if (roots.length === 0)
      throw new SpoolgateError('FUNCTION_NOT_ALLOWED', {
        detail:
          this.#rowRoots === undefined
            ? `${quotedName(func)}: none of the allowed roots is a folder`
            : `${quotedName(func)}: executor_options.roots names no folder inside the allowed roots`,
      });
    for (const root of roots) {
      for (const candidate of candidates(name)) {
        const file = await realPathOf(join(root, candidate), 'file');
        if (file === undefined) continue;
        const parts = partsBelow(root, file);
        if (parts !== undefined && isPlainPath(parts) && moduleExtensions.includes(extname(file))) return file;
        throw new SpoolgateError('FUNCTION_NOT_ALLOWED', {
          detail: `${quotedName(func)} is a link that leads out of its root`,
        });
      }
    }
    throw new SpoolgateError('FUNCTION_UNKNOWN', { detail: `${quotedName(func)}: no root has such a module` });
  }
}

/** The function that the module `file` exports; `func` is for the errors: FUNCTION_UNKNOWN or MODULE_FAILED. */
export const exportedFunction = async (func: string, file: string, exportName: string): Promise<JobFunction> => {
  const exports = await importModule(func, file);
  // Node does not see every name that a CommonJS module exports; all of them are members of its default export.
  const found = ownFunction(exports, exportName) ?? ownFunction(exports['default'], exportName);
  if (found !== undefined) return found;
  throw new SpoolgateError('FUNCTION_UNKNOWN', {
    detail: `${quotedName(func)}: the module exports no function ${quotedName(exportName)}`,
  });
};

const ownFunction = (exports: unknown, name: string): JobFunction | undefined => {
  if (typeof exports !== 'object' || exports === null || !Object.hasOwn(exports, name)) return undefined;
  const found = (exports as Record<string, unknown>)[name];
  return typeof found === 'function' ? (found as JobFunction) : undefined;
};

const importModule = async (func: string, file: string): Promise<Record<string, unknown>> => {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    const needsLoader =
      extname(file).endsWith('ts') && (cause as { code?: unknown })?.code === 'ERR_UNKNOWN_FILE_EXTENSION';
    throw new SpoolgateError('MODULE_FAILED', {
      detail: needsLoader
        ? `${quotedName(func)} is TypeScript, which this process cannot load; compile it, or start Node with a loader`
        : quotedName(func),
      cause,
    });
  }
};
