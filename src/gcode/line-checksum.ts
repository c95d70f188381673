/** XOR of the characters before `end`, as RepRap firmwares sum a line. */
const checksum = (text: string, end: number): number => {
  let sum = 0;
  for (let i = 0; i < end; i += 1) sum ^= text.charCodeAt(i);
  return sum;
};

const summed = /^(.*?)\*\s*(\d{1,3})$/;
const numbered = /^[Nn]\s*\d+\s*/;

/**
 * The command of a line that carries the number and checksum of another transfer (`N12 G1 X1*57` -> `G1 X1`), as the program will number
 * it anew. Undefined when the checksum is wrong: the line is damaged. A `*57` without a number that is no right sum is left alone, for it
 * may be part of a text.
 */
export const withoutNumber = (line: string): string | undefined => {
  const [, body = line, sum] = summed.exec(line) ?? [];
  const isRight = sum === undefined || checksum(line, body.length) === Number(sum);
  if (!numbered.test(line)) return isRight ? body.trimEnd() : line;
  return isRight ? body.replace(numbered, '').trimEnd() : undefined;
};
