/**
 * XOR of all bytes from `N` up to, not including, `*`, as RepRap firmwares check it (printer-protocol: line format).
 * `text` is latin1; characters above 0xff count by their low byte only and must not be sent.
 */
const checksum = (text: string): number => {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum ^= text.charCodeAt(index);
  return sum & 0xff;
};

/** One numbered line as it goes over the wire, line end included: `N12 G1 X1*98\n`. */
export const frame = (number: number, command: string): string => {
  const numbered = `N${number} ${command}`;
  return `${numbered}*${checksum(numbered)}\n`;
};

/**
 * Sets the firmware's line counter to 0, whatever it was: the first numbered line after it is N1. Carries its own number and checksum
 * so that firmwares which refuse an unnumbered line take it too.
 */
export const hello = 'N0 M110 N0*125\n';
