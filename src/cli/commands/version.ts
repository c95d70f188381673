import type { Command } from 'commander';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { packageVersion } from '../package-files.js';

/** `spoolgate version`. */
export const addVersion = (program: Command): void => {
  describeCommand(program.command('version'), {
    summary: 'print the versions of Spoolgate and Node.js',
    explanation:
      'Prints the versions of Spoolgate and of the Node.js that runs it, and the platform: what a bug report needs.',
    examples: [['spoolgate version --json', 'For a script.']],
    exits: [],
  }).action(
    action((cli) => {
      const version = packageVersion();
      const platform = `${process.platform}-${process.arch}`;
      cli.result({ version, node: process.versions.node, platform }, () =>
        [`spoolgate ${version}`, `node ${process.versions.node}`, platform].join('\n'),
      );
      return Promise.resolve(0);
    }),
  );
};
