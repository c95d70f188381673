import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { className, graceMs, rootFolderList } from '../functions/executor-options.js';
import { isExportName } from '../functions/function-name.js';
import type { ModuleFunction } from './messages.js';

/** What the operator allows and sets in code for functions in threads or processes of their own. Nothing is allowed by default. */
export interface IsolatedExecutorOptions {
  /** Name of the class, by which queues' rows know it (`spoolgate.NAME`). Each class of an app needs its own. Default: the executor's own. */
  readonly name?: string;
  /** Folders whose modules, at any depth, may be run; relative ones are below the working directory. Searched in this order. Default: none. */
  readonly roots?: readonly (string | URL)[];
  /**
   * Functions by the exact `func` of their jobs, looked up before the roots: `path/to/module.js#export` or the same as a file: URL. A function
   * itself cannot cross to another thread or process. Default: none.
   */
  readonly functions?: Readonly<Record<string, string | URL>>;
  /** Once its signal has aborted, a function has this long to end before it is ended by force, ms. Default: 1000. */
  readonly graceMs?: number;
  /** Node's command-line options for the threads or processes, such as `['--import', loader]`. Default: those of the worker's own process. */
  readonly execArgv?: readonly string[];
  /** A thread or process that has had nothing to do for this long is ended, ms. Default: 60,000. */
  readonly idleMs?: number;
}

/** A URL's hash as text; what is no text stays as it is, and is refused as the name of an export. */
const hashOf = ({ hash }: URL): string => {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
};

const moduleFunction = z.union([z.string(), z.instanceof(URL)]).transform((value, context): ModuleFunction => {
  const fault = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (value instanceof URL && value.protocol !== 'file:') return fault('must be a file: URL');
  const text = value instanceof URL ? `${fileURLToPath(value)}${hashOf(value)}` : value;
  const hash = text.lastIndexOf('#');
  const exportName = text.slice(hash + 1);
  if (hash < 1 || !isExportName(exportName)) return fault('must be a module and an export, as "./tasks/mail.js#send"');
  return { file: resolve(text.slice(0, hash)), exportName };
});

/** The fields that all such executors have; `usual` is the name of the class. */
export const isolatedFields = (usual: string) => ({
  name: className(usual),
  roots: rootFolderList,
  functions: z.record(z.string().min(1), moduleFunction).default({}),
  graceMs,
  execArgv: z.array(z.string().min(1)).optional(),
  idleMs: z.number().min(0).max(86_400_000).default(60_000),
});

/** `IsolatedExecutorOptions`, checked and made absolute. */
export interface IsolatedSettings {
  readonly name: string;
  readonly roots: readonly string[];
  readonly functions: Readonly<Record<string, ModuleFunction>>;
  readonly graceMs: number;
  readonly execArgv?: readonly string[] | undefined;
  readonly idleMs: number;
}
