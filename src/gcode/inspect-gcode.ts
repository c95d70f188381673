import { stat } from 'node:fs/promises';
import { fileError, readError } from './file-error.js';
import { gcodeFileLines } from './gcode-file-lines.js';
import type { GcodeFileInfo } from './gcode-line.js';
import { LayerCounter } from './layer-counter.js';
import { sendable } from './open-gcode.js';
import { mayBeCut } from './string-command.js';
import { SlicerNotes } from './slicer-notes.js';

export interface GcodeInspection extends GcodeFileInfo {
  /** The longest command that must not be cut, without number and checksum, to be held against the firmware's limit. */
  readonly longestCommand: { readonly text: string; readonly fileLine: number };
}

/**
 * Reads the whole file once, in constant memory, and tells what it holds. Throws FILE_NOT_FOUND; FILE_UNREADABLE if it is not text or
 * one line cannot be sent; FILE_EMPTY without a command; FILE_CUT_SHORT when a slicer signed it but its closing part is missing, or when
 * a signed file breaks off within a command.
 */
export const inspectGcode = async (path: string, signal?: AbortSignal): Promise<GcodeInspection> => {
  const counter = new LayerCounter();
  const notes = new SlicerNotes();
  let lines = 0;
  let commands = 0;
  let longest = { text: '', fileLine: 0 };
  let endsInCommand = false;
  for await (const part of gcodeFileLines(path, signal)) {
    for (const line of part.lines) {
      lines += 1;
      if (line.startsWith(';')) {
        counter.comment(line);
        notes.comment(line);
        endsInCommand = false;
        continue;
      }
      const text = sendable(path, line, lines);
      if (text === '') continue;
      commands += 1;
      endsInCommand = part.unended;
      if (text.length > longest.text.length && !mayBeCut(text)) longest = { text, fileLine: lines };
    }
  }
  const { slicer, missingEnd } = notes;
  if (slicer !== undefined && missingEnd !== undefined)
    throw fileError('FILE_CUT_SHORT', path, `${missingEnd}, with which ${slicer} closes a file, is not there`, lines);
  if (slicer !== undefined && endsInCommand && !notes.isClosed)
    throw fileError('FILE_CUT_SHORT', path, 'the file breaks off within a command', lines);
  if (commands === 0) throw fileError('FILE_EMPTY', path, `${lines} lines without a command`);
  return {
    path,
    bytes: await sizeOf(path),
    lines,
    commands,
    slicer,
    layers: counter.layers === 0 ? undefined : counter.layers,
    estimatedSeconds: notes.estimatedSeconds,
    longestCommand: longest,
  };
};

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw readError(path, cause);
  }
};
