/** What colours a text or leaves it as it is. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly cyan: (text: string) => string;
}

interface ColourStream {
  readonly isTTY?: boolean;
}

const escape = String.fromCharCode(27);
const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `${escape}[${on}m${text}${escape}[${off}m`;
const plain = (text: string): string => text;

/** The colours of the terminal's own palette, so that they fit its background. */
const coloured: Colours = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  blue: sgr(34, 39),
  cyan: sgr(36, 39),
};

const uncoloured: Colours = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  blue: plain,
  cyan: plain,
};

/** Whether to colour: the flag before NO_COLOR before FORCE_COLOR (`0` and `false` mean no) before whether it is a terminal. */
export const wantsColour = (stream: ColourStream, flag: boolean, env: NodeJS.ProcessEnv = process.env): boolean => {
  if (!flag || env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
};

export const coloursFor = (isWanted: boolean): Colours => (isWanted ? coloured : uncoloured);

const ansi = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g');

/** Columns that a text takes on a terminal, colours not counted. Wide characters are not expected in what we print. */
export const visibleWidth = (text: string): number => Array.from(text.replaceAll(ansi, '')).length;
