import { openGcode } from '../gcode/open-gcode.js';
import { wireCommand } from '../printer/wire-command.js';

/** The commands of a file as a printer must run them, in order: what the simulated printer's oracle is held against. */
export const fileCommands = async (path: string, maxLineBytes: number): Promise<readonly string[]> => {
  const commands: string[] = [];
  for await (const batch of openGcode(path)) {
    for (const line of batch) {
      const command = wireCommand(line, maxLineBytes);
      if (command !== undefined) commands.push(command);
    }
  }
  return commands;
};
