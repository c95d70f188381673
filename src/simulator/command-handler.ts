import type { CommandLine } from './command-line.js';
import type { Machine } from './machine.js';
import type { CommandResult } from './wait.js';

/**
 * Runs one command. `undefined`: done, the ok follows; `'answered'`: done, the ok was part of the answer; a wait: the ok is held.
 * `'unknown'`: this build of the firmware does not have the command.
 */
export type CommandHandler = (machine: Machine, command: CommandLine) => CommandResult | 'unknown' | void;

/** Handlers by command, `G1`, `M105`. */
export type CommandHandlers = Readonly<Record<string, CommandHandler>>;
