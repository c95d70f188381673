import type { CommandHandler, CommandHandlers } from '../command-handler.js';

/** Known, taken, and without effect on this model. */
const taken: CommandHandler = () => undefined;

/** Settings of motion; those about acceleration are known but have no effect, as the model has none. */
export const settingCommands: CommandHandlers = {
  M92: taken,
  M200: taken,
  M201: taken,
  M203: (machine, command) => machine.motion.limit(command),
  M204: taken,
  M205: taken,
  M206: taken,
  M211: taken,
  M220: (machine, command) => {
    const percent = command.number('S');
    if (percent !== undefined && percent > 0) machine.motion.feedFactor = percent / 100;
    return undefined;
  },
  M221: (machine, command) => {
    const percent = command.number('S');
    if (percent === undefined) machine.echo(`E0 Flow: ${Math.round(machine.motion.flowFactor * 100)}%`);
    else machine.motion.flowFactor = percent / 100;
    return undefined;
  },
  M301: taken,
  M304: taken,
};

/** T: this printer has one tool, T0. */
export const selectTool: CommandHandler = (machine, command) => {
  if (command.code !== 0) machine.echo(`T${Math.max(0, command.code)} Invalid extruder`);
  else if (machine.firmware.reportsTool) machine.echo('Active Extruder: 0');
  return undefined;
};
