import { Command, Option } from 'commander';
import { commands } from './commands.js';
import { examplesText, exitsText } from './describe-command.js';
import { logLevels } from './settings.js';
import { coloursFor, wantsColour } from './terminal/colour.js';
import { packageVersion } from './package-files.js';

const explanation = `A print spooler for 3D printers: jobs lie in a Postgres queue, a gateway takes them and streams their G-code to \
printers over USB serial, each line once and in order. Start with \`spoolgate demo\`: it needs no printer and no database.`;

/** The whole command line. `flags` are looked at before parsing, as help is coloured or not while it parses. */
export const buildProgram = (flags: { readonly colour: boolean }): Command => {
  const { bold, cyan, dim } = coloursFor(true);
  const program = new Command('spoolgate')
    .description(explanation)
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      // What commander has to say about a wrong command line is reported like any other error.
      outputError: () => undefined,
      getOutHasColors: () => wantsColour(process.stdout, flags.colour),
      getOutHelpWidth: () => Math.min(process.stdout.isTTY ? process.stdout.columns : 100, 100),
    })
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) => command.name(),
      styleTitle: bold,
      styleSubcommandTerm: cyan,
      styleOptionTerm: cyan,
      styleArgumentTerm: cyan,
      styleCommandText: bold,
      styleSubcommandDescription: (text) => text,
      styleOptionDescription: (text) => text.replaceAll(/\(env: \w+\)/g, dim),
    });
  globalOptions(program);
  for (const [group, add] of commands) {
    program.commandsGroup(group);
    for (const one of add) one(program);
  }
  // Last, so that it stands under the last heading.
  program.helpCommand('help [command]', 'show the help of a command');
  program.addHelpText(
    'after',
    () =>
      `${examplesText([
        ['spoolgate demo', 'Watch a file being printed on a simulated printer.'],
        ['spoolgate devices discover', 'Find the serial ports of this machine, with entries for devices.json.'],
        ['spoolgate gateway', 'Serve the printers of ./devices.json until Ctrl-C.'],
        ['spoolgate push benchy.gcode --wait', 'Print a file on the next free printer and follow it.'],
      ])}\n${exitsText([0, 1, 2, 3, 4, 5, 130])}`,
  );
  return program;
};

const globalOptions = (program: Command): void => {
  const options = [
    new Option('--database-url <url>', 'Postgres to use instead of our own (env: DATABASE_URL)'),
    new Option('--data-dir <folder>', "our own Postgres's folder (env: SPOOLGATE_DATA_DIR)"),
    new Option('--devices <file>', 'the printers: ./devices.json by default (env: SPOOLGATE_DEVICES)'),
    new Option('--prefix <text>', "of the tables' names: chancy_ by default (env: SPOOLGATE_PREFIX)"),
    new Option('--json', 'print the result as JSON, and errors as JSON on stderr'),
    new Option('--log-level <level>', `${logLevels.join(', ')}; info by default (env: SPOOLGATE_LOG_LEVEL)`),
    new Option('--no-color', 'no colours (env: NO_COLOR; FORCE_COLOR wants them)'),
  ];
  for (const option of options) program.addOption(option);
};
