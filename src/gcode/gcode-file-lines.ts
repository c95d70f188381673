import { fileError } from './file-error.js';
import { gcodeBytes } from './gcode-bytes.js';

/** No text line is longer, characters: slicers write whole scripts into one comment of their settings, but no megabyte. */
const longestFileLine = 1 << 20;
const byteOrderMark = '\xef\xbb\xbf';

export interface FileLines {
  /** Lines without their ends, empty ones included, decoded as latin1. */
  readonly lines: readonly string[];
  /** Line number of the first of them, from 1. */
  readonly firstLine: number;
  /** Whether the last of them ends with the file instead of with a line end. */
  readonly unended: boolean;
  /** Bytes of text so far, after unpacking. */
  readonly bytes: number;
}

/**
 * The text lines of a G-code file, chunk by chunk, in constant memory. LF, CR LF and a lone CR each end a line, as they do for a
 * firmware; a byte order mark is left out. Throws what `gcodeBytes` throws, and FILE_UNREADABLE for NUL bytes and endless lines.
 */
export async function* gcodeFileLines(path: string, signal?: AbortSignal): AsyncGenerator<FileLines, void, undefined> {
  let tail = '';
  let firstLine = 1;
  let bytes = 0;
  for await (const chunk of gcodeBytes(path, signal)) {
    let text = tail + chunk.toString('latin1');
    if (bytes < byteOrderMark.length && text.startsWith(byteOrderMark)) text = text.slice(byteOrderMark.length);
    bytes += chunk.length;
    // A CR at the end may be half of a CR LF.
    const held = text.endsWith('\r') ? '\r' : '';
    if (text.includes('\r')) text = text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n');
    const lines = text.split('\n');
    if (text.includes('\0')) throw nulError(path, lines, firstLine);
    tail = (lines.pop() ?? '') + held;
    if (tail.length > longestFileLine)
      throw fileError(
        'FILE_UNREADABLE',
        path,
        `longer than ${longestFileLine} characters: this is no G-code`,
        firstLine + lines.length,
      );
    yield { lines, firstLine, unended: false, bytes };
    firstLine += lines.length;
  }
  const unended = !tail.endsWith('\r');
  const rest = unended ? tail : tail.slice(0, -1);
  if (tail !== '') yield { lines: [rest], firstLine, unended, bytes };
}

const nulError = (path: string, lines: readonly string[], firstLine: number): Error => {
  const index = lines.findIndex((line) => line.includes('\0'));
  return fileError(
    'FILE_UNREADABLE',
    path,
    'NUL bytes: the file is binary, or its disk block was never written',
    firstLine + index,
  );
};
