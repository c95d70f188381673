import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { GcodeLine } from '../gcode/gcode-line.js';
import { mayBeCut } from '../gcode/string-command.js';

/** Room for `N9999999 ` before and `*255` behind the command. */
const framing = 'N9999999 '.length + '*255'.length;

/** Longest command in bytes for a firmware that takes lines of `maxLineBytes`. */
export const maxCommandBytes = (maxLineBytes: number): number => maxLineBytes - framing;

/**
 * The command as it may go over a numbered wire, or undefined if it must not go at all. Line numbers are the host's own: an M110 of the
 * file would break the count. A message for the display that is too long is cut; any other line that is too long is refused, since the
 * firmware would cut it silently (LINE_TOO_LONG).
 */
export const wireCommand = (line: GcodeLine, maxLineBytes: number): string | undefined => {
  let command = line.text;
  if (command.includes('M110')) {
    if (/^M110\b/.test(command)) return undefined;
    // Marlin looks for the text anywhere in a numbered line, and skips the order check when it finds it (printer-protocol §1).
    command = command.replaceAll('M110', 'M 110');
  }
  const limit = maxCommandBytes(maxLineBytes);
  if (command.length <= limit) return command;
  if (mayBeCut(command)) return command.slice(0, limit).trimEnd();
  throw new SpoolgateError('LINE_TOO_LONG', {
    detail: `line ${line.fileLine} has ${command.length} bytes, at most ${limit} fit`,
    data: { line: line.fileLine, bytes: command.length, limit },
  });
};
