import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { cutText, storableText } from './storable-text.js';

/** What Node loads as a module; the last three need a loader for TypeScript. In the order in which a dotted name is looked up. */
export const moduleExtensions: readonly string[] = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** A job's `func`, taken apart. */
export interface FunctionName {
  /** Folders and file below a root, each a plain name. */
  readonly segments: readonly string[];
  /** The file's extension; undefined in a dotted name, where each of `moduleExtensions` is tried. */
  readonly extension: string | undefined;
  readonly exportName: string;
}

/** `func` as it may stand in an error text. */
export const quotedName = (name: string): string => JSON.stringify(storableText(cutText(name, 200)));

const exportPattern = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Whether something can be exported by this name. */
export const isExportName = (name: string): boolean => exportPattern.test(name);
const dottedPattern = /^[\p{L}\p{N}_$-]+$/u;
/** Ends of a path in disguise on some system: separators, drive letters and streams, control characters. */
const treacherous = /[\\:\p{Cc}]/u;

const unknown = (func: string, why: string): SpoolgateError =>
  new SpoolgateError('FUNCTION_UNKNOWN', { detail: `${quotedName(func)} ${why}` });

const notAllowed = (func: string, why: string): SpoolgateError =>
  new SpoolgateError('FUNCTION_NOT_ALLOWED', { detail: `${quotedName(func)} ${why}` });

/** Whether a path below a root keeps out of hidden folders and of installed packages, whose functions nobody wrote as jobs. */
export const isPlainPath = (segments: readonly string[]): boolean =>
  segments.every((segment) => segment !== '' && !segment.startsWith('.') && segment !== 'node_modules');

const parsePath = (func: string, path: string, exportName: string): FunctionName => {
  if (!path.startsWith('./')) throw notAllowed(func, 'must begin with "./", which stands for a root');
  if (treacherous.test(path)) throw notAllowed(func, 'has a character that no path may have here');
  const segments = path.slice(2).split('/');
  if (!isPlainPath(segments)) throw notAllowed(func, 'has an empty, hidden, ".." or node_modules part');
  const file = segments.at(-1) ?? '';
  const extension = moduleExtensions.find((each) => file.endsWith(each));
  if (extension === undefined) throw notAllowed(func, `is not one of ${moduleExtensions.join(' ')}`);
  segments[segments.length - 1] = file.slice(0, -extension.length);
  return { segments, extension, exportName };
};

const parseDotted = (func: string): FunctionName => {
  const dot = func.lastIndexOf('.');
  if (dot === -1) throw unknown(func, 'names no module');
  const segments = func.slice(0, dot).split('.');
  if (/[/\\]/.test(func)) throw notAllowed(func, 'is neither dotted nor "./path/file.js#function"');
  if (!segments.every((segment) => dottedPattern.test(segment))) throw unknown(func, 'is no dotted name');
  if (!isPlainPath(segments)) throw notAllowed(func, 'leads into node_modules');
  return { segments, extension: undefined, exportName: func.slice(dot + 1) };
};

/**
 * Takes `func` apart: `tasks.mail.send` at its last dot, as Chancy does, or `./tasks/mail.js#send` at its last hash.
 * Throws FUNCTION_UNKNOWN where it is malformed and FUNCTION_NOT_ALLOWED where it leads elsewhere than into a root.
 */
export const parseFunctionName = (func: string): FunctionName => {
  const hash = func.lastIndexOf('#');
  const name = hash === -1 ? parseDotted(func) : parsePath(func, func.slice(0, hash), func.slice(hash + 1));
  if (!isExportName(name.exportName)) throw unknown(func, 'does not end in the name of a function');
  return name;
};
