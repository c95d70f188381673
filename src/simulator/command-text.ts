import { LineReader } from './line-reader.js';

/** Longer than any line of a file that a host would send. */
const LONGEST = 4096;

/**
 * The command that a line of a file stands for, as the firmware takes it: without comment and escapes, cut at the first star, blanks
 * trimmed and runs of them made one. Undefined for a line that holds no command.
 */
export const commandText = (line: string): string | undefined => {
  const plain = line.includes(';') || line.includes('\\') ? readLine(line) : line;
  const star = plain.indexOf('*');
  const text = (star === -1 ? plain : plain.slice(0, star)).replace(/[ \t]+/g, ' ').trim();
  return text === '' ? undefined : text;
};

const readLine = (line: string): string => {
  const reader = new LineReader(LONGEST, false);
  for (const byte of Buffer.from(line, 'latin1')) {
    const done = reader.take(byte);
    if (done !== undefined) return done;
  }
  return reader.take(0x0a) ?? '';
};
