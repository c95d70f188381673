import { BadLine, commandText } from './command-text.js';
import { fileError } from './file-error.js';
import { gcodeFileLines } from './gcode-file-lines.js';
import type { GcodeLine } from './gcode-line.js';
import { LayerCounter } from './layer-counter.js';

const batchLines = 512;

export interface OpenGcodeOptions {
  /** Ends the stream with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The commands of a G-code file in order, in batches of at most 512, in constant memory whatever the file's size; the next part is read
 * when the next batch is asked for. Leaving the loop early closes the file. Throws FILE_NOT_FOUND, FILE_UNREADABLE with the line that
 * cannot be sent, FILE_CUT_SHORT for a gzip file without its end. Whether the file is whole is for `inspectGcode` to tell.
 */
export async function* openGcode(
  path: string,
  { signal }: OpenGcodeOptions = {},
): AsyncGenerator<readonly GcodeLine[], void, undefined> {
  const counter = new LayerCounter();
  let batch: GcodeLine[] = [];
  for await (const { lines, firstLine } of gcodeFileLines(path, signal)) {
    let fileLine = firstLine;
    for (const line of lines) {
      if (line.startsWith(';')) counter.comment(line);
      else {
        const text = sendable(path, line, fileLine);
        if (text !== '') batch.push({ text, fileLine, layer: counter.layers });
        if (batch.length === batchLines) {
          yield batch;
          batch = [];
        }
      }
      fileLine += 1;
    }
    if (batch.length > 0) {
      yield batch;
      batch = [];
    }
  }
}

/** The command of a line; throws FILE_UNREADABLE with its place when it cannot be sent. */
export const sendable = (path: string, line: string, fileLine: number): string => {
  try {
    return commandText(line);
  } catch (cause) {
    if (cause instanceof BadLine) throw fileError('FILE_UNREADABLE', path, cause.message, fileLine, cause);
    throw cause;
  }
};
