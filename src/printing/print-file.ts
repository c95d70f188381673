import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { type GcodeInspection, inspectGcode } from '../gcode/inspect-gcode.js';
import { resolveInSpool } from '../gcode/spool-file.js';
import { maxCommandBytes } from '../printer/wire-command.js';
import type { PrintKwargs } from './print-kwargs.js';

/** A file that is ready to be printed. */
export interface PrintFile {
  readonly info: GcodeInspection;
  /** Removes what was made for this print alone. */
  readonly release: () => Promise<void>;
}

/**
 * Finds the job's G-code and reads it through once before any printer is touched. Rejects with FILE_OUTSIDE_SPOOL, FILE_NOT_FOUND,
 * FILE_UNREADABLE, FILE_EMPTY, FILE_CUT_SHORT or LINE_TOO_LONG.
 */
export const preparePrintFile = async (
  kwargs: PrintKwargs,
  options: { readonly spoolDir: string; readonly maxLineBytes: number },
): Promise<PrintFile> => {
  const { path, release } = await placeOf(kwargs, options.spoolDir);
  try {
    const info = await inspectGcode(path);
    refuseLongLines(info, maxCommandBytes(options.maxLineBytes));
    return { info, release };
  } catch (error) {
    await release();
    throw error;
  }
};

const placeOf = async (
  kwargs: PrintKwargs,
  spoolDir: string,
): Promise<{ path: string; release: () => Promise<void> }> => {
  if (kwargs.gcode === undefined) {
    return { path: await resolveInSpool(spoolDir, kwargs.file ?? ''), release: () => Promise.resolve() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'spoolgate-inline-'));
  const path = join(folder, 'inline.gcode');
  await writeFile(path, kwargs.gcode);
  return { path, release: () => rm(folder, { recursive: true, force: true }) };
};

const refuseLongLines = ({ longestCommand }: GcodeInspection, limit: number): void => {
  const { text, fileLine } = longestCommand;
  if (text.length <= limit) return;
  throw new SpoolgateError('LINE_TOO_LONG', {
    detail: `line ${fileLine} has ${text.length} bytes, at most ${limit} fit`,
    data: { line: fileLine, bytes: text.length, limit },
  });
};
