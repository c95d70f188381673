/**
 * Commands whose argument is text and not words of letter and number: messages, file names, object names, printer models. Taken from the
 * command lists of Marlin, Prusa-Firmware and RepRapFirmware.
 */
const stringCommands = new Set(
  [
    0, 1, 16, 20, 21, 23, 28, 29, 30, 32, 33, 34, 36, 37, 38, 39, 98, 115, 117, 118, 240, 291, 292, 423, 470, 471, 472,
    486, 505, 540,
  ]
    .concat([
      550, 551, 552, 553, 554, 559, 560, 563, 574, 575, 586, 587, 588, 589, 590, 702, 862, 905, 929, 928, 950, 997,
    ])
    .map((code) => `M${code}`),
);

/** Whether the rest of a command of this name (`M117`, upper case, without sub-code) must be left as it is written. */
export const takesString = (name: string): boolean => stringCommands.has(name);

/** Whether a command only shows or sends its text (`M117`, `M118`), so that a firmware with short lines may be given the beginning. */
export const mayBeCut = (command: string): boolean => /^M11[78]\b/.test(command);
