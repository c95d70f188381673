import type { CommandHandler, CommandHandlers } from '../command-handler.js';

const say: CommandHandler = (machine, command) => {
  // M118 [A1] [E1] text: A1 makes it a host comment, E1 an echo.
  const [, comment, echo, text = ''] = /^(A1 *)?(E1 *)?(.*)$/.exec(command.argument) ?? [];
  const { hostCommentPrefix, m118End } = machine.firmware;
  machine.print(`${comment ? hostCommentPrefix : ''}${echo ? 'echo:' : ''}${text}${m118End}`);
  return undefined;
};

const listSettings: CommandHandler = (machine, command) => {
  const prefix = command.number('S') === 0 ? '' : 'echo:';
  for (const line of machine.firmware.settings(machine.motion.maxFeed, machine.options)) machine.print(prefix + line);
};

/** What the printer says about itself, and what it says when told to. */
export const reportCommands: CommandHandlers = {
  M31: (machine) => {
    machine.notify('notification 0s\r');
    return machine.echo('Print time: 0s');
  },
  M73: () => undefined,
  M110: (machine, command) => {
    const number = command.number('N');
    if (number !== undefined) machine.links.setLineNumber(number);
    return undefined;
  },
  M112: (machine) => machine.links.halt({ kind: 'm112' }),
  M113: (machine, command) => {
    const seconds = command.number('S');
    if (seconds === undefined) machine.echo(`M113 S${machine.busyIntervalMs / 1000}`);
    else machine.busyIntervalMs = Math.min(60, Math.max(0, seconds)) * 1000;
    return undefined;
  },
  M114: (machine) => machine.print(machine.positionReport()),
  M115: (machine) => {
    for (const line of machine.firmware.identity(machine.options, machine.options)) machine.print(line);
    return undefined;
  },
  M117: () => undefined,
  M118: say,
  M119: (machine) => {
    machine.print('Reporting endstop status');
    for (const axis of ['x', 'y', 'z']) machine.print(`${axis}_min: open`);
    if (machine.options.hostPrompts) machine.print('filament: TRIGGERED');
    return undefined;
  },
  M503: listSettings,
  M154: (machine, command) => {
    if (!machine.options.autoreportPosition) return 'unknown';
    const seconds = command.number('S');
    if (seconds !== undefined) machine.positionReportMs = Math.min(60, Math.max(0, seconds)) * 1000;
    return undefined;
  },
};
