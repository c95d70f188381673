import type { Command } from 'commander';
import { Cli } from './cli.js';
import type { ExitCode } from './exit-codes.js';
import { settingsOf } from './settings.js';

/** What a command was given: its arguments in order (a list of them flattened), its own options as commander parsed them. */
interface Given {
  readonly args: readonly string[];
  readonly options: unknown;
}

/** What a command does; resolves to its exit code. */
export type Act = (cli: Cli, given: Given) => Promise<ExitCode>;

/** Wraps what a command does for commander: reads the global options, listens for interrupts, sets the exit code. */
export const action =
  (act: Act) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const cli = new Cli(settingsOf(command.optsWithGlobals()));
    const args = command.processedArgs.flat().filter((arg) => typeof arg === 'string');
    try {
      process.exitCode = await act(cli, { args, options: command.opts() });
    } finally {
      cli.interrupts.dispose();
    }
  };
