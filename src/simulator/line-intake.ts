import type { Firmware } from './firmware.js';

/** A command that came through the checks of number and checksum. */
export interface AcceptedCommand {
  /** The command without line number and checksum. */
  readonly text: string;
  /** The number that stood before it. */
  readonly number: number | undefined;
  /** Bytes that the queue holds for it. */
  readonly bytes: number;
}

/** Refused with the words of the error, or passed over without a word. */
export type IntakeResult = AcceptedCommand | { readonly refused: string } | 'dropped';

const STAR = 0x2a;

/** Checks each line's number and checksum as Marlin does: https://github.com/MarlinFirmware/Marlin, get_serial_commands. */
export class LineIntake {
  /** The line number that was accepted last. */
  last = 0;
  readonly #firmware: Firmware;

  constructor(firmware: Firmware) {
    this.#firmware = firmware;
  }

  /** The number that a resend asks for. */
  get expected(): number {
    return this.#firmware.lineNumberAfter(this.last);
  }

  take(line: string): IntakeResult {
    let start = 0;
    while (line.charCodeAt(start) === 0x20) start++;
    const command = start === 0 ? line : line.slice(start);
    if (command.charCodeAt(0) !== 0x4e /* N */) {
      return { text: bodyOf(command, 0), number: undefined, bytes: line.length };
    }
    return this.#takeNumbered(command, line.length);
  }

  #takeNumbered(command: string, bytes: number): IntakeResult {
    const prefix = numberAfter(command, 0);
    // Any numbered line that holds this text sets the count, by its second N if it has one.
    const sets = command.includes('M110');
    const second = sets ? command.indexOf('N', 4) : -1;
    const counted = second === -1 ? prefix : numberAfter(command, second);
    const number = this.#firmware.readLineNumber(counted.value);
    if (!sets && number !== this.expected) {
      if (this.#firmware.dropsRepeated(number, this.last)) return 'dropped';
      return { refused: 'Line Number is not Last Line Number+1' };
    }
    const star = command.lastIndexOf('*');
    if (star === -1) return { refused: 'No Checksum with line number' };
    let sum = 0;
    for (let index = 0; index < star; index++) sum ^= command.charCodeAt(index);
    if (numberAfter(command, star).value !== (sum & 0xff)) return { refused: 'checksum mismatch' };
    this.last = number;
    return { text: bodyOf(command, prefix.end), number: prefix.value, bytes };
  }
}

/** The whole number behind the character at `at`, blanks before it skipped, as strtol reads it; 0 when there is none. */
const numberAfter = (text: string, at: number): { value: number; end: number } => {
  let end = at + 1;
  while (text.charCodeAt(end) === 0x20) end++;
  const negative = text.charCodeAt(end) === 0x2d;
  if (negative) end++;
  let value = 0;
  for (;;) {
    const digit = text.charCodeAt(end) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
    end++;
  }
  return { value: negative ? -value : value, end };
};

/** The command from `start`: leading blanks off, cut at the first star, trailing blanks off. */
const bodyOf = (text: string, start: number): string => {
  let from = start;
  while (text.charCodeAt(from) === 0x20) from++;
  let to = from;
  while (to < text.length && text.charCodeAt(to) !== STAR) to++;
  while (to > from && text.charCodeAt(to - 1) === 0x20) to--;
  return text.slice(from, to);
};
