import { withoutNumber } from './line-checksum.js';
import { takesString } from './string-command.js';
import { hasControls, isWireText, toWireText } from './wire-text.js';

/** Anything but blank, digits, upper case letters and common signs; a line number; a checksum. Few lines have any of them. */
const needsCare = /[^ -_]|^N|\*/;
/** A command of letter and number, as against a macro's name: `g1`, `M862.3`, `T0`. */
const letterCommand = /^([GMTgmt])\s*(\d+)(\.\d+)?/;
/** M110 sets the line number of the transfer that the file was made for; the program counts by itself. */
const setsLineNumber = /^M110(?!\d)/;

/** Why a line cannot be sent. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}

/**
 * The command of one text line, ready for the wire, or '' if it holds none:
 * - the comment goes, from the first `;` on, also inside quotation marks: Marlin cuts there and then misses the checksum. Parentheses stay.
 * - blanks at either end go, those between words stay; a tab becomes a blank.
 * - a line number and checksum of another transfer go; a wrong checksum throws. `M110` goes with them.
 * - `g1 x10` becomes `G1 X10`, as Marlin does not know `g1`; texts and macros keep their letters.
 * - texts and macros in other than ASCII letters are spelled in ASCII; in a command of numbers such a character is damage and throws, as
 *   control characters do anywhere.
 */
export const commandText = (line: string): string => {
  const comment = line.indexOf(';');
  const text = (comment === -1 ? line : line.slice(0, comment)).trim();
  if (text === '') return '';
  const command = needsCare.test(text) ? careful(text) : text;
  return setsLineNumber.test(command) ? '' : command;
};

const careful = (text: string): string => {
  const bare = withoutNumber(text);
  if (bare === undefined) throw new BadLine('the checksum in the file is wrong: the line is damaged');
  if (hasControls(bare)) throw new BadLine('control characters in a command');
  const match = letterCommand.exec(bare);
  if (!match) return isWireText(bare) ? bare : toWireText(bare).trim();
  const [word, letter = '', number = '', sub = ''] = match;
  const name = letter.toUpperCase() + number;
  const rest = bare.slice(word.length);
  if (takesString(name) || rest.includes('"'))
    return `${name}${sub}${isWireText(rest) ? rest : toWireText(rest).trimEnd()}`;
  const plain = rest.replaceAll(/\s|\xc2\xa0/g, ' ');
  if (!isWireText(plain)) throw new BadLine('characters that no command of numbers has');
  return (name + sub + plain).trimEnd().toUpperCase();
};
