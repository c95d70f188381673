import type { CommandHandler, CommandHandlers } from './command-handler.js';
import type { CommandLine } from './command-line.js';
import { moveCommands } from './commands/moves.js';
import { pauseCommands } from './commands/pauses.js';
import { reportCommands } from './commands/reports.js';
import { selectTool, settingCommands } from './commands/settings.js';
import { temperatureCommands } from './commands/temperatures.js';

const byCode = (letter: string, handlers: CommandHandlers): ReadonlyMap<number, CommandHandler> =>
  new Map(
    Object.entries(handlers)
      .filter(([name]) => name.startsWith(letter))
      .map(([name, handler]) => [Number(name.slice(1)), handler]),
  );

const all: CommandHandlers = {
  ...moveCommands,
  ...temperatureCommands,
  ...reportCommands,
  ...settingCommands,
  ...pauseCommands,
};
const gCommands = byCode('G', all);
const mCommands = byCode('M', all);

/** The handler of a command; undefined for one that the firmware does not know. */
export const handlerFor = (command: CommandLine): CommandHandler | undefined => {
  if (command.letter === 'G') return gCommands.get(command.code);
  if (command.letter === 'M') return mCommands.get(command.code);
  return command.letter === 'T' && command.code >= 0 ? selectTool : undefined;
};
