import { basename, relative, sep } from 'node:path';
import type { Cli } from '../cli.js';
import type { DemoFolder } from './demo-folder.js';

export interface KeptDemo {
  readonly folder: DemoFolder;
  readonly databaseUrl: string;
  /** Name of the printed file in the spool folder. */
  readonly file: string;
}

/** Says what can be tried on the running demo, and leaves it running until it is interrupted. */
export const keepDemo = async (cli: Cli, { folder, databaseUrl, file }: KeptDemo): Promise<void> => {
  const { bold, cyan, dim } = cli.colours;
  const us = commandName();
  // A DATABASE_URL in the reader's shell would win over --data-dir.
  const database = process.env['DATABASE_URL']
    ? `--database-url ${quoted(databaseUrl)}`
    : `--data-dir ${quoted(folder.dataDir)}`;
  const tries = [
    ['jobs', 'the job that has just ended'],
    ['printers', 'the simulated printer'],
    ['workers', 'the gateway'],
    [`push ${quoted(file)} --devices ${quoted(folder.devicesFile)} --wait`, 'print it again, and follow it'],
    ['printers pause demo', 'while it prints'],
  ];
  if (!cli.json) {
    cli.print('');
    cli.print(bold('Still running until Ctrl-C. In another terminal:'));
    for (const [command = '', what = ''] of tries)
      cli.print(`  ${cyan(`${us} ${command} ${database}`)}\n      ${dim(what)}`);
    cli.print(`  ${cyan(`psql ${quoted(databaseUrl)}`)}\n      ${dim('the database itself')}`);
  }
  await new Promise<void>((resolve) => {
    if (cli.signal.aborted) resolve();
    else cli.signal.addEventListener('abort', () => resolve(), { once: true });
  });
};

/** How this program was called, to be called again in the same folder. */
const commandName = (): string => {
  const script = process.argv[1] ?? 'spoolgate';
  if (basename(script) !== 'spoolgate') return `node ${quoted(relative(process.cwd(), script) || script)}`;
  return script.includes(`node_modules${sep}.bin`) ? 'npx spoolgate' : 'spoolgate';
};

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
